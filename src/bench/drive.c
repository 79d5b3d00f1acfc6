/*
 * The MTA's side of many milter sessions at once: a load driver that is not the limit.
 *
 *   drive [OPTION...] ADDRESS CONNECTIONS
 *
 *   ADDRESS        port@host (IPv4) or the path of a Unix socket
 *   -m MESSAGES    of one session (10)
 *   -w SECONDS     not measured (1)      -t SECONDS     measured (5); SIGTERM ends it earlier
 *   -p PID         the server's, whose CPU time is read
 *   -j THREADS     each with an epoll loop (one a core, at most one a connection)
 *   -r RATE        messages/s at even intervals, whatever the server does; else a closed loop
 *   -o CUSTOMERS   replace %d in what follows by a random number below it, another for each session
 *   -a ADDRESS     the client's (192.0.2.7)
 *   -c NAME        the verified certificate's (mail.contoso.com); empty for none
 *   -f SENDER      (alice@contoso.com)   -d RECIPIENT   (bob@example.org)
 *   -H FIELD:VALUE a further header field, if the server wants any
 *   -i             only open the connections, negotiate, and hold them; prints a line when they are open
 *
 * It does what Postfix does (milter8.c): steps that are not wanted are not sent, but their macros are; the macros are those that
 * were negotiated; frames to which no answer is wanted wait until the next answer is; an ABORT follows each message. A message is
 * MAIL, one RCPT and, as it is accepted, the end of the body. Its wait runs from MAIL sent to the last answer; at a given rate,
 * from when it was due, so that a stall counts for all that it delays.
 *
 * In a closed loop it runs in the class SCHED_BATCH (sched(7)), which is never woken in the place of whoever runs, so that answers
 * gather for it; at a given rate it runs as anybody.
 *
 * Prints a line at the end, and one for the time since the last at each SIGUSR1: messages/s, sessions/s; the wait's p50, p99, p99.9
 * and maximum in microseconds; the server's CPU seconds per 1,000 messages; messages refused, deferred; sessions that broke.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { /* libmilter/mfdef.h */
    NOCONNECT = 0x1, NOHELO = 0x2, NOMAIL = 0x4, NORCPT = 0x8, NOBODY = 0x10, NOHDRS = 0x20, NOEOH = 0x40, NR_HDR = 0x80,
    NODATA = 0x200, NR_CONN = 0x1000, NR_HELO = 0x2000, NR_MAIL = 0x4000, NR_RCPT = 0x8000, NR_DATA = 0x10000, NR_EOH = 0x40000,
    NR_BODY = 0x80000, ALL_ACTIONS = 0x1ff, ALL_STEPS = 0x1fffff
};

enum { HEADERS = 8, BODY = 2048, INPUT = 2048, CHUNKS = 24, SCRIPTS = 4096, SUB = 64 };

/* What is sent at once, up to a frame to which an answer is wanted: that frame's command. */
struct chunk { unsigned char *bytes; size_t length; char awaited; int mail; };

/* A session's first message with what goes before it, and each further one. */
struct script { struct chunk first[CHUNKS], next[CHUNKS]; };

struct session {
    int fd, number, messages;
    char awaited;
    const struct chunk *chunk;
    const struct script *script;
    uint64_t mail_sent;
    const unsigned char *unsent;
    size_t unsent_length, in;
    unsigned char input[INPUT];
};

/* Waits in nanoseconds, in buckets of 1/64 of a power of two. */
struct counts { uint64_t messages, sessions, refused, deferred, broken, longest, histogram[64 * SUB]; };

struct worker {
    pthread_t thread;
    int poller, count;
    struct session *sessions, **waiting; /* a ring: at a given rate, those whose next message is not due */
    size_t first_waiting, waiting_count;
    double due, interval; /* nanoseconds */
    unsigned seed;
    struct counts counts[2];
};

static struct sockaddr_storage address;
static socklen_t address_length;
static int per_session = 10, idle, customers = 1, script_count;
static double rate;
static const char *client_address = "192.0.2.7", *certificate = "mail.contoso.com", *sender = "alice@contoso.com",
                  *recipient = "bob@example.org", *field;
static struct script *scripts;
static atomic_int interval, open_sessions; /* interval & 1: which counts are in use */

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void fail(const char *what) {
    fprintf(stderr, "drive: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* ---- What is sent --------------------------------------------------------------------------------------------------------- */

static const char *macro_lists[] = { /* Postfix's, by stage: CONNECT HELO MAIL RCPT DATA EOM EOH */
    "j {daemon_name} {daemon_addr} v _", "{tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer}",
    "i {auth_type} {auth_authen} {auth_author} {mail_addr} {mail_host} {mail_mailer}", "i {rcpt_addr} {rcpt_host} {rcpt_mailer}",
    "i", "i", "i"
};

struct builder { unsigned char bytes[16384]; size_t length; struct chunk *chunk; int mail; };

static void put(struct builder *b, char command, const void *payload, size_t length) {
    uint32_t size = htonl((uint32_t)length + 1);
    if (b->length + length + 5 > sizeof b->bytes) { fputs("drive: too much to send at once\n", stderr); exit(1); }
    memcpy(b->bytes + b->length, &size, 4);
    b->bytes[b->length + 4] = (unsigned char)command;
    memcpy(b->bytes + b->length + 5, payload, length);
    b->length += length + 5;
}

static void cut(struct builder *b, char awaited) {
    struct chunk *chunk = b->chunk++;
    chunk->bytes = malloc(b->length);
    if (!chunk->bytes) fail("malloc");
    memcpy(chunk->bytes, b->bytes, b->length);
    chunk->length = b->length;
    chunk->awaited = awaited;
    chunk->mail = b->mail;
    b->length = 0;
    b->mail = 0;
}

/* The value of a macro, if it has one: Postfix has no queue id before the first recipient is accepted. */
static const char *value(const char *name, char command, const char *name_of_client, const char *from) {
    static const char *const values[][2] = {
        {"j", "mx1.example.net"}, {"{daemon_name}", "mx1.example.net"}, {"{daemon_addr}", "192.0.2.1"}, {"{daemon_port}", "25"},
        {"v", "Postfix 3.7.11"}, {"_", "client.example [192.0.2.7]"}, {"{mail_host}", "contoso.com"}, {"{mail_mailer}", "smtp"},
        {"{rcpt_host}", "example.org"}, {"{rcpt_mailer}", "smtp"}, {"{tls_version}", "TLSv1.3"},
        {"{cipher}", "TLS_AES_256_GCM_SHA384"}, {"{cipher_bits}", "256"}};
    if (!strcmp(name, "i")) return strchr("MR", command) ? NULL : "4CjqCQ2W3zzY1";
    if (!strcmp(name, "{mail_addr}")) return from;
    if (!strcmp(name, "{rcpt_addr}")) return recipient;
    if (!strcmp(name, "{cert_subject}")) return *name_of_client ? name_of_client : NULL;
    if (!strcmp(name, "{cert_issuer}")) return *name_of_client ? "Example CA" : NULL;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) if (!strcmp(name, values[i][0])) return values[i][1];
    return NULL;
}

static void macros(struct builder *b, int stage, char command, const char *name_of_client, const char *from) {
    char payload[4096], list[1024], *rest = list;
    size_t length = 1;
    payload[0] = command;
    snprintf(list, sizeof list, "%s", macro_lists[stage]);
    for (char *name; (name = strsep(&rest, " ")) != NULL;) {
        const char *text = value(name, command, name_of_client, from);
        if (text) length += (size_t)snprintf(payload + length, sizeof payload - length, "%s%c%s", name, 0, text) + 1;
    }
    if (length > 1) put(b, 'D', payload, length);
}

static void replace_number(char *to, size_t size, const char *text, int number) {
    const char *mark = strstr(text, "%d");
    if (mark) snprintf(to, size, "%.*s%d%s", (int)(mark - text), text, number, mark + 2);
    else snprintf(to, size, "%s", text);
}

static void put_message(struct builder *b, uint32_t steps, const char *name, const char *from) {
    char payload[512];
    static const char header[] = "X-Header\0 some value of a header of usual length, neither short nor long", body[BODY];
    b->mail = 1;
    macros(b, 2, 'M', name, from);
    if (!(steps & NOMAIL)) {
        put(b, 'M', payload, (size_t)snprintf(payload, sizeof payload, "<%s>%cSIZE=12345%cBODY=8BITMIME", from, 0, 0) + 1);
        if (!(steps & NR_MAIL)) cut(b, 'M');
    }
    macros(b, 3, 'R', name, from);
    if (!(steps & NORCPT)) {
        put(b, 'R', payload, (size_t)snprintf(payload, sizeof payload, "<%s>", recipient) + 1);
        if (!(steps & NR_RCPT)) cut(b, 'R');
    }
    macros(b, 4, 'T', name, from);
    if (!(steps & NODATA)) {
        put(b, 'T', "", 0);
        if (!(steps & NR_DATA)) cut(b, 'T');
    }
    for (int i = 0; i < HEADERS && !(steps & NOHDRS); i++) {
        put(b, 'L', header, sizeof header);
        if (!(steps & NR_HDR)) cut(b, 'L');
    }
    if (field && !(steps & NOHDRS)) {
        int name = (int)strcspn(field, ":");
        put(b, 'L', payload, (size_t)snprintf(payload, sizeof payload, "%.*s%c %s", name, field, 0, field + name + 1) + 1);
        if (!(steps & NR_HDR)) cut(b, 'L');
    }
    macros(b, 6, 'N', name, from);
    if (!(steps & NOEOH)) {
        put(b, 'N', "", 0);
        if (!(steps & NR_EOH)) cut(b, 'N');
    }
    if (!(steps & NOBODY)) {
        put(b, 'B', body, sizeof body);
        if (!(steps & NR_BODY)) cut(b, 'B');
    }
    macros(b, 5, 'E', name, from);
    put(b, 'E', "", 0);
    cut(b, 'E');
}

static void write_script(struct script *script, uint32_t steps, int customer) {
    char name[256], from[256], client[64], payload[512];
    replace_number(name, sizeof name, certificate, customer);
    replace_number(from, sizeof from, sender, customer);
    replace_number(client, sizeof client, client_address, customer);
    struct builder *b = calloc(1, sizeof *b);
    b->chunk = script->first;
    macros(b, 0, 'C', name, from);
    if (!(steps & NOCONNECT)) {
        put(b, 'C', payload, (size_t)snprintf(payload, sizeof payload, "client.example%c4%c%c%s", 0, 0x30, 0x39, client) + 1);
        if (!(steps & NR_CONN)) cut(b, 'C');
    }
    macros(b, 1, 'H', name, from);
    if (!(steps & NOHELO)) {
        put(b, 'H', "client.example", sizeof "client.example");
        if (!(steps & NR_HELO)) cut(b, 'H');
    }
    put_message(b, steps, name, from);
    b->chunk = script->next;
    put(b, 'A', "", 0);
    put_message(b, steps, name, from);
    free(b);
}

static const unsigned char *offer(size_t *length) {
    static unsigned char frame[17] = {0, 0, 0, 13, 'O', 0, 0, 0, 6};
    uint32_t words[2] = {htonl(ALL_ACTIONS), htonl(ALL_STEPS)};
    memcpy(frame + 9, words, sizeof words);
    *length = sizeof frame;
    return frame;
}

/* Negotiates once, and writes what every session will send. */
static void prepare(void) {
    unsigned char *reply = calloc(1, INPUT);
    size_t size, in = 0;
    const unsigned char *frame = offer(&size);
    int fd = socket(address.ss_family, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, address_length) < 0) fail("connect");
    if (send(fd, frame, size, MSG_NOSIGNAL) != (ssize_t)size) fail("send");
    uint32_t length = 0, word;
    while (in < 4 || in < length + 4) {
        ssize_t n = recv(fd, reply + in, INPUT - 1 - in, 0);
        if (n <= 0) fail("no answer to the negotiation");
        in += (size_t)n;
        memcpy(&word, reply, 4);
        length = ntohl(word);
    }
    close(fd);
    memcpy(&word, reply + 13, 4);
    uint32_t steps = ntohl(word);
    for (size_t at = 17; at + 4 < in; at += 4 + strlen((char *)reply + at + 4) + 1) {
        memcpy(&word, reply + at, 4);
        if (ntohl(word) < 7) macro_lists[ntohl(word)] = (char *)reply + at + 4;
    }
    script_count = customers < SCRIPTS ? customers : SCRIPTS;
    scripts = calloc((size_t)script_count, sizeof *scripts);
    if (!scripts) fail("calloc");
    srandom(1);
    for (int i = 0; i < script_count; i++) {
        write_script(&scripts[i], steps, customers > SCRIPTS ? (int)(random() % customers) : i);
    }
}

/* ---- Sessions ------------------------------------------------------------------------------------------------------------- */

static struct counts *counts(struct worker *w) {
    return &w->counts[atomic_load_explicit(&interval, memory_order_relaxed) & 1];
}

static void watch(struct worker *w, struct session *s, int operation) {
    struct epoll_event event = {.events = EPOLLIN | (s->unsent_length ? (uint32_t)EPOLLOUT : 0), .data.ptr = s};
    if (epoll_ctl(w->poller, operation, s->fd, &event) < 0) fail("epoll_ctl");
}

static void write_out(struct worker *w, struct session *s, const unsigned char *bytes, size_t length) {
    int had_unsent = s->unsent_length > 0;
    while (length > 0) {
        ssize_t n = send(s->fd, bytes, length, MSG_NOSIGNAL);
        if (n < 0) {
            if (errno != EAGAIN) length = 0; /* reading finds out that it is broken */
            break;
        }
        bytes += n;
        length -= (size_t)n;
    }
    s->unsent = bytes;
    s->unsent_length = length;
    if (had_unsent != (length > 0)) watch(w, s, EPOLL_CTL_MOD);
}

static void start(struct worker *w, struct session *s) {
    int one = 1, tcp = address.ss_family == AF_INET;
    s->fd = socket(address.ss_family, SOCK_STREAM | (tcp ? SOCK_NONBLOCK : 0), 0);
    if (s->fd < 0) fail("socket");
    if (tcp) {
        /* Many addresses, so that ports in TIME_WAIT are not what is measured. */
        struct sockaddr_in source = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000100u + 1u + (uint32_t)s->number % 200u)};
        setsockopt(s->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
        setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (bind(s->fd, (struct sockaddr *)&source, sizeof source) < 0) fail("bind");
    }
    if (connect(s->fd, (struct sockaddr *)&address, address_length) < 0 && errno != EINPROGRESS) fail("connect");
    if (!tcp) fcntl(s->fd, F_SETFL, O_NONBLOCK);
    s->messages = 0;
    s->in = s->unsent_length = 0;
    s->script = &scripts[rand_r(&w->seed) % script_count];
    s->chunk = NULL;
    s->awaited = 'O';
    watch(w, s, EPOLL_CTL_ADD);
    size_t length;
    const unsigned char *frame = offer(&length);
    write_out(w, s, frame, length);
}

static void end(struct worker *w, struct session *s) {
    close(s->fd);
    start(w, s);
}

static void send_chunk(struct worker *w, struct session *s) {
    s->awaited = s->chunk->awaited;
    write_out(w, s, s->chunk->bytes, s->chunk->length);
}

/* Sends the next chunk, unless it begins a message that is not due. */
static void go_on(struct worker *w, struct session *s) {
    if (s->chunk->mail && rate > 0) {
        s->awaited = 0;
        if (w->due == 0) w->due = (double)now();
        w->waiting[(w->first_waiting + w->waiting_count++) % (size_t)w->count] = s;
        return;
    }
    if (s->chunk->mail) s->mail_sent = now();
    send_chunk(w, s);
}

static void send_due(struct worker *w) {
    for (uint64_t t = now(); w->waiting_count > 0 && w->due <= (double)t; w->due += w->interval) {
        struct session *s = w->waiting[w->first_waiting];
        w->first_waiting = (w->first_waiting + 1) % (size_t)w->count;
        w->waiting_count--;
        s->mail_sent = (uint64_t)w->due;
        send_chunk(w, s);
    }
}

static void end_message(struct worker *w, struct session *s) {
    struct counts *c = counts(w);
    uint64_t wait = now() - s->mail_sent;
    int power = wait < SUB ? 6 : 63 - __builtin_clzll(wait);
    c->histogram[power * SUB + (int)(wait < SUB ? wait : (wait >> (power - 6)) & (SUB - 1))]++;
    if (wait > c->longest) c->longest = wait;
    c->messages++;
    if (++s->messages < per_session) {
        s->chunk = s->script->next;
        go_on(w, s);
        return;
    }
    static const unsigned char quit[] = {0, 0, 0, 1, 'Q'};
    write_out(w, s, quit, sizeof quit);
    c->sessions++;
    end(w, s);
}

static void take(struct worker *w, struct session *s, const unsigned char *frame) {
    if (s->awaited == 'O') {
        atomic_fetch_add(&open_sessions, 1);
        s->chunk = s->script->first;
        if (!idle) go_on(w, s);
        return;
    }
    char answer = (char)frame[0];
    if (!strchr("cartdy", answer)) return; /* progress, or a change to the message: not the last one */
    if (strchr("rtdy", answer)) {
        struct counts *c = counts(w);
        if (answer == 't' || (answer == 'y' && frame[1] == '4')) c->deferred++;
        else c->refused++;
    }
    if (s->awaited == 'E' || (s->awaited == 'R' && answer != 'c' && answer != 'a')) {
        end_message(w, s);
    } else {
        s->chunk++;
        go_on(w, s);
    }
}

static void readable(struct worker *w, struct session *s) {
    ssize_t n = recv(s->fd, s->input + s->in, INPUT - s->in, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n < 0 && errno == ECONNREFUSED) fail("connect");
    if (n <= 0) {
        if (s->awaited == 0 || idle) { errno = EPIPE; fail("a session that waits was closed"); }
        counts(w)->broken++;
        end(w, s);
        return;
    }
    s->in += (size_t)n;
    /* Nothing is sent before an answer is complete, so that one is all there can be, but for changes to a message. */
    size_t at = 0;
    while (s->in - at >= 5) {
        uint32_t length;
        memcpy(&length, s->input + at, 4);
        length = ntohl(length);
        if (length == 0 || length + 4 > INPUT) { fputs("drive: an answer of a size that is not one\n", stderr); exit(1); }
        if (s->in - at < length + 4) break;
        int last = s->in - at == length + 4, fd = s->fd;
        if (last) s->in = 0;
        take(w, s, s->input + at + 4);
        if (last || s->fd != fd) return;
        at += length + 4;
    }
    memmove(s->input, s->input + at, s->in - at);
    s->in -= at;
}

static void *work(void *argument) {
    struct worker *w = argument;
    struct epoll_event events[64];
    prctl(PR_SET_TIMERSLACK, 1);
    for (int i = 0; i < w->count; i++) start(w, &w->sessions[i]);
    for (;;) {
        uint64_t wait = 100000000u;
        if (w->waiting_count > 0) {
            send_due(w);
            double left = w->due - (double)now();
            if (w->waiting_count > 0) wait = left > 0 ? (uint64_t)left : 0;
        }
        struct timespec timeout = {.tv_nsec = (long)(wait < 100000000u ? wait : 100000000u)};
        int n = epoll_pwait2(w->poller, events, 64, &timeout, NULL);
        for (int i = 0; i < n; i++) {
            struct session *s = events[i].data.ptr;
            if (events[i].events & EPOLLOUT) write_out(w, s, s->unsent, s->unsent_length);
            if (events[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP)) readable(w, s);
        }
    }
    return NULL;
}

/* ---- What is measured ----------------------------------------------------------------------------------------------------- */

/* User and system time of a process so far, in seconds, children that have ended included. */
static double cpu(const char *pid) {
    char path[64], text[2048];
    if (!pid) return 0;
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *file = fopen(path, "r");
    if (!file || !fgets(text, sizeof text, file)) fail(path);
    fclose(file);
    unsigned long long t[4];
    if (sscanf(strrchr(text, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %llu %llu", t, t + 1, t + 2, t + 3) != 4) {
        fail(path);
    }
    return (double)(t[0] + t[1] + t[2] + t[3]) / (double)sysconf(_SC_CLK_TCK);
}

static double quantile(const struct counts *c, double q) {
    uint64_t seen = 0;
    for (int i = 0; i < 64 * SUB; i++) {
        seen += c->histogram[i];
        /* Both below the first power of two that is told apart, and from there on: the bucket's lower end. */
        if (seen > 0 && (double)seen >= q * (double)c->messages) return (double)(((uint64_t)SUB + (uint64_t)i % SUB) << (i / SUB - 6)) / 1000;
    }
    return 0;
}

/* Takes what was counted since the last time. */
static void report(struct worker *workers, int count, double seconds, double cpu_used) {
    static struct counts all;
    int old = atomic_fetch_add(&interval, 1) & 1;
    usleep(10000); /* whoever has just looked which counts are in use */
    memset(&all, 0, sizeof all);
    for (int i = 0; i < count; i++) {
        struct counts *c = &workers[i].counts[old];
        all.messages += c->messages;
        all.sessions += c->sessions;
        all.refused += c->refused;
        all.deferred += c->deferred;
        all.broken += c->broken;
        if (c->longest > all.longest) all.longest = c->longest;
        for (int j = 0; j < 64 * SUB; j++) all.histogram[j] += c->histogram[j];
        memset(c, 0, sizeof *c);
    }
    if (seconds == 0) return;
    printf("%.0f %.0f %.1f %.1f %.1f %.1f %.4f %llu %llu %llu\n", (double)all.messages / seconds, (double)all.sessions / seconds,
        quantile(&all, 0.5), quantile(&all, 0.99), quantile(&all, 0.999), (double)all.longest / 1000,
        all.messages ? cpu_used * 1000 / (double)all.messages : 0, (unsigned long long)all.refused,
        (unsigned long long)all.deferred, (unsigned long long)all.broken);
    fflush(stdout);
}

/* Waits for a signal or so many seconds; 0 if there came none. */
static int wait_for_signal(const sigset_t *signals, double seconds) {
    if (seconds <= 0) return 0;
    struct timespec time = {.tv_sec = (time_t)seconds, .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9)};
    int signal = sigtimedwait(signals, NULL, &time);
    return signal < 0 ? 0 : signal;
}

static void resolve(const char *text) {
    const char *at = strchr(text, '@');
    if (at && text[0] != '/') {
        struct sockaddr_in *in = (struct sockaddr_in *)&address;
        in->sin_family = AF_INET;
        in->sin_port = htons((uint16_t)atoi(text));
        if (inet_pton(AF_INET, at + 1, &in->sin_addr) != 1) fail(text);
        address_length = sizeof *in;
    } else {
        struct sockaddr_un *un = (struct sockaddr_un *)&address;
        un->sun_family = AF_UNIX;
        snprintf(un->sun_path, sizeof un->sun_path, "%s", text);
        address_length = sizeof *un;
    }
}

int main(int argument_count, char **arguments) {
    double seconds = 5, warm_up = 1;
    const char *pid = NULL;
    long threads = sysconf(_SC_NPROCESSORS_ONLN);
    for (int option; (option = getopt(argument_count, arguments, "m:w:t:p:j:r:o:a:c:f:d:H:i")) != -1;) {
        switch (option) {
        case 'm': per_session = atoi(optarg); break;
        case 'w': warm_up = atof(optarg); break;
        case 't': seconds = atof(optarg); break;
        case 'p': pid = optarg; break;
        case 'j': threads = atol(optarg); break;
        case 'r': rate = atof(optarg); break;
        case 'o': customers = atoi(optarg); break;
        case 'a': client_address = optarg; break;
        case 'c': certificate = optarg; break;
        case 'f': sender = optarg; break;
        case 'd': recipient = optarg; break;
        case 'H': field = optarg; break;
        case 'i': idle = 1; break;
        default: return 2;
        }
    }
    if (argument_count - optind != 2) { fputs("drive: ADDRESS and CONNECTIONS are wanted\n", stderr); return 2; }
    if (field && !strchr(field, ':')) { fputs("drive: -H wants FIELD:VALUE\n", stderr); return 2; }
    resolve(arguments[optind]);
    int connections = atoi(arguments[optind + 1]);
    if (threads > connections) threads = connections;
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    prepare();
    // Not to take the processor from the server with each answer: in a closed loop whoever is interrupted is measured by that.
    if (rate == 0 && sched_setscheduler(0, SCHED_BATCH, &(struct sched_param) {0}) != 0) fail("SCHED_BATCH");
    struct session *sessions = calloc((size_t)connections, sizeof *sessions);
    struct worker *workers = calloc((size_t)threads, sizeof *workers);
    if (!sessions || !workers) fail("calloc");
    for (int i = 0; i < connections; i++) sessions[i].number = i;
    for (long i = 0; i < threads; i++) {
        struct worker *w = &workers[i];
        long from = connections * i / threads;
        w->sessions = sessions + from;
        w->count = (int)(connections * (i + 1) / threads - from);
        w->waiting = calloc((size_t)w->count, sizeof *w->waiting);
        w->interval = rate > 0 ? 1e9 * (double)threads / rate : 0;
        w->seed = (unsigned)i + 1;
        w->poller = epoll_create1(0);
        if (!w->waiting || w->poller < 0 || pthread_create(&w->thread, NULL, work, w) != 0) fail("thread");
    }
    if (idle) {
        while (atomic_load(&open_sessions) < connections) usleep(1000);
        printf("open %d\n", connections);
        fflush(stdout);
        wait_for_signal(&signals, seconds);
        return 0;
    }
    int signal = wait_for_signal(&signals, warm_up);
    uint64_t begin = now(), last = begin;
    double cpu_last = cpu(pid);
    report(workers, (int)threads, 0, 0);
    while (signal != SIGTERM && signal != SIGINT) {
        signal = wait_for_signal(&signals, seconds - (double)(now() - begin) / 1e9);
        uint64_t time = now();
        double cpu_now = cpu(pid);
        report(workers, (int)threads, (double)(time - last) / 1e9, cpu_now - cpu_last);
        last = time;
        cpu_last = cpu_now;
        if (signal == 0) break;
    }
    return 0;
}

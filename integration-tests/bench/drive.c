/*
 * The MTA's side of many milter sessions at once, in a closed loop: a load driver that is not the limit.
 *
 *   drive ADDRESS CONNECTIONS MESSAGES SECONDS WARM-UP [PID]
 *
 * ADDRESS is port@host (IPv4) or a path; MESSAGES are those of one session; PID is the server's, whose CPU time is read.
 * It honours what is negotiated as Postfix does: steps that are not wanted are not sent, and frames to which no answer is wanted
 * wait in the buffer until the next answer is. A message is MAIL, one RCPT to the outside and, as it is accepted, the end of the
 * body; its wait runs from MAIL sent to the last answer.
 *
 * Prints one line: messages/s sessions/s p50 p99 p99.9 max (microseconds) CPU-seconds per 1,000 messages refused.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { /* libmilter/mfdef.h */
    NOCONNECT = 0x1, NOHELO = 0x2, NOMAIL = 0x4, NOBODY = 0x10, NOHDRS = 0x20, NOEOH = 0x40, NR_HDR = 0x80, NODATA = 0x200,
    NR_CONN = 0x1000, NR_HELO = 0x2000, NR_MAIL = 0x4000, NR_RCPT = 0x8000, NR_DATA = 0x10000, NR_EOH = 0x40000, NR_BODY = 0x80000,
    ALL_ACTIONS = 0x1ff, ALL_STEPS = 0x1fffff, SETSYMLIST = 0x100
};

enum step { OPTNEG, CONNECT, HELO, MAIL, RCPT, DATA, HEADER, EOH, BODY, EOM };

#define HEADERS 8
#define BUFFER 8192

struct session {
    int fd, number, messages, headers;
    enum step awaited;
    uint32_t steps, actions;
    uint64_t mail_sent;
    size_t out, in;
    unsigned char output[BUFFER], input[BUFFER];
};

static struct sockaddr_storage address;
static socklen_t address_length;
static int per_session, poller;
static uint64_t messages, sessions_done, refused;
static int measuring;

/* Waits in nanoseconds, in buckets of 1/64 of a power of two. */
#define SUB 64
static uint64_t histogram[64 * SUB], longest;

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void note(uint64_t wait) {
    int power = wait < SUB ? 6 : 63 - __builtin_clzll(wait);
    uint64_t part = wait < SUB ? wait : (wait >> (power - 6)) & (SUB - 1);
    histogram[power * SUB + part]++;
    if (wait > longest) longest = wait;
}

static double quantile(double q) {
    uint64_t total = 0, seen = 0;
    for (int i = 0; i < 64 * SUB; i++) total += histogram[i];
    for (int i = 0; i < 64 * SUB; i++) {
        seen += histogram[i];
        if (total && seen >= q * total) {
            int power = i / SUB;
            return (double)(((uint64_t)SUB + i % SUB) << (power - 6)) / 1000;
        }
    }
    return 0;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void put(struct session *s, char command, const void *payload, size_t length) {
    uint32_t size = htonl((uint32_t)length + 1);
    if (s->out + length + 5 > BUFFER) { fputs("drive: too much to send at once\n", stderr); exit(1); }
    memcpy(s->output + s->out, &size, 4);
    s->output[s->out + 4] = (unsigned char)command;
    memcpy(s->output + s->out + 5, payload, length);
    s->out += length + 5;
}

/* Strings with a NUL between them; the literal's own ends the last. */
#define PUT(s, command, text) put(s, command, text, sizeof(text))

static void flush(struct session *s) {
    size_t sent = 0;
    while (sent < s->out) {
        ssize_t n = send(s->fd, s->output + sent, s->out - sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) continue; /* the kernel's buffer holds any message of ours: rare */
        if (n < 0) fail("send");
        sent += (size_t)n;
    }
    s->out = 0;
}

static void await(struct session *s, enum step step) {
    s->awaited = step;
    flush(s);
}

static void start(struct session *s) {
    int one = 1;
    s->fd = socket(address.ss_family, SOCK_STREAM, 0);
    if (address.ss_family == AF_INET) {
        /* Many addresses, so that ports in TIME_WAIT are not what is measured. */
        struct sockaddr_in source = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000100u + 1u + (uint32_t)s->number % 200u)};
        setsockopt(s->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
        if (bind(s->fd, (struct sockaddr *)&source, sizeof source) < 0) fail("bind");
    }
    if (s->fd < 0 || connect(s->fd, (struct sockaddr *)&address, address_length) < 0) fail("connect");
    if (address.ss_family == AF_INET) setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(s->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = s};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, s->fd, &event) < 0) fail("epoll_ctl");
    s->messages = 0;
    s->in = s->out = 0;
    uint32_t offer[3] = {htonl(6), htonl(ALL_ACTIONS), htonl(ALL_STEPS)};
    put(s, 'O', offer, sizeof offer);
    await(s, OPTNEG);
}

#define TLS "{tls_version}\0TLSv1.3\0{cert_subject}\0mail.contoso.com\0{cert_issuer}\0Example CA"

/* Goes on from behind a step, up to the next one to which an answer is wanted. */
static void go_on(struct session *s, enum step from) {
    switch (from) {
    case OPTNEG:
        PUT(s, 'D', "Cj\0mx1.example.net\0{daemon_name}\0mx1.example.net\0v\0Postfix 3.7.11\0_\0client [192.0.2.7]");
        if (!(s->steps & NOCONNECT)) {
            PUT(s, 'C', "client.example\0" "4\x30\x39" "192.0.2.7");
            if (!(s->steps & NR_CONN)) { await(s, CONNECT); return; }
        }
        /* fall through */
    case CONNECT:
        PUT(s, 'D', "H" TLS "\0{cipher}\0TLS_AES_256_GCM_SHA384\0{cipher_bits}\0" "256");
        if (!(s->steps & NOHELO)) {
            PUT(s, 'H', "client.example");
            if (!(s->steps & NR_HELO)) { await(s, HELO); return; }
        }
        /* fall through */
    case HELO:
    next_message:
        s->mail_sent = now();
        if (s->actions & SETSYMLIST) PUT(s, 'D', "Mi\0" "4CjqCQ2W3zzY1\0{mail_addr}\0alice@contoso.com\0{mail_mailer}\0smtp\0" TLS);
        else PUT(s, 'D', "Mi\0" "4CjqCQ2W3zzY1\0{mail_addr}\0alice@contoso.com\0{mail_host}\0contoso.com\0{mail_mailer}\0smtp");
        if (!(s->steps & NOMAIL)) {
            PUT(s, 'M', "<alice@contoso.com>\0SIZE=12345\0BODY=8BITMIME");
            if (!(s->steps & NR_MAIL)) { await(s, MAIL); return; }
        }
        /* fall through */
    case MAIL:
        PUT(s, 'D', "Ri\0" "4CjqCQ2W3zzY1\0{rcpt_addr}\0bob@example.org\0{rcpt_host}\0example.org\0{rcpt_mailer}\0smtp");
        PUT(s, 'R', "<bob@example.org>");
        await(s, RCPT);
        return;
    case RCPT:
        s->headers = 0;
        if (!(s->steps & NODATA)) {
            PUT(s, 'T', "");
            if (!(s->steps & NR_DATA)) { await(s, DATA); return; }
        }
        /* fall through */
    case DATA:
    case HEADER:
        while (!(s->steps & NOHDRS) && s->headers < HEADERS) {
            s->headers++;
            PUT(s, 'L', "X-Header\0 some value of a header of usual length, neither short nor long");
            if (!(s->steps & NR_HDR)) { await(s, HEADER); return; }
        }
        if (!(s->steps & NOEOH)) {
            put(s, 'N', "", 0);
            if (!(s->steps & NR_EOH)) { await(s, EOH); return; }
        }
        /* fall through */
    case EOH:
        if (!(s->steps & NOBODY)) {
            static char body[2048];
            put(s, 'B', body, sizeof body);
            if (!(s->steps & NR_BODY)) { await(s, BODY); return; }
        }
        /* fall through */
    case BODY:
        PUT(s, 'D', "Ei\0" "4CjqCQ2W3zzY1");
        put(s, 'E', "", 0);
        await(s, EOM);
        return;
    case EOM:
        if (++s->messages < per_session) goto next_message;
        put(s, 'Q', "", 0);
        flush(s);
        close(s->fd);
        sessions_done += (uint64_t)measuring;
        start(s);
        return;
    }
}

/* Takes one answer. */
static void take(struct session *s, const unsigned char *frame, uint32_t length) {
    enum step step = s->awaited;
    if (step == OPTNEG) {
        uint32_t word[3];
        memcpy(word, frame + 1, sizeof word);
        s->actions = ntohl(word[1]);
        s->steps = ntohl(word[2]);
    } else if (step == RCPT && frame[0] != 'c') {
        refused++;
    } else if (step == EOM && frame[0] != 'c' && frame[0] != 'a') {
        return; /* not the last one of this message */
    }
    if (step == EOM && measuring) {
        note(now() - s->mail_sent);
        messages++;
    }
    go_on(s, step);
    (void)length;
}

static void readable(struct session *s) {
    ssize_t n = recv(s->fd, s->input + s->in, BUFFER - s->in, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) { fprintf(stderr, "drive: the milter closed a session in step %d\n", s->awaited); exit(1); }
    s->in += (size_t)n;
    /* One answer at a time is outstanding; whatever it is, it is whole or the rest follows. */
    uint32_t length;
    if (s->in < 4) return;
    memcpy(&length, s->input, 4);
    length = ntohl(length);
    if (length + 4 > BUFFER) { fputs("drive: an answer that is too long\n", stderr); exit(1); }
    if (s->in < length + 4) return;
    unsigned char frame[BUFFER];
    memcpy(frame, s->input + 4, length);
    memmove(s->input, s->input + 4 + length, s->in - 4 - length);
    s->in -= 4 + length;
    take(s, frame, length);
}

/* User and system time of a process so far, in seconds, children that have ended included. */
static double cpu(const char *pid) {
    char path[64], text[2048];
    if (!pid) return 0;
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *file = fopen(path, "r");
    if (!file || !fgets(text, sizeof text, file)) fail(path);
    fclose(file);
    unsigned long long user, system;
    if (sscanf(strrchr(text, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &system) != 2) fail(path);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static void resolve(const char *text) {
    char *at = strchr(text, '@');
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

static void run(double seconds) {
    struct epoll_event events[256];
    uint64_t end = now() + (uint64_t)(seconds * 1e9);
    while (now() < end) {
        int n = epoll_wait(poller, events, 256, 100);
        for (int i = 0; i < n; i++) readable(events[i].data.ptr);
    }
}

int main(int count, char **arguments) {
    if (count < 6) { fputs("usage: drive ADDRESS CONNECTIONS MESSAGES SECONDS WARM-UP [PID]\n", stderr); return 2; }
    resolve(arguments[1]);
    int connections = atoi(arguments[2]);
    per_session = atoi(arguments[3]);
    const char *pid = count > 6 ? arguments[6] : NULL;
    poller = epoll_create1(0);
    struct session *all = calloc((size_t)connections, sizeof *all);
    if (!all || poller < 0) fail("drive");
    for (int i = 0; i < connections; i++) {
        all[i].number = i;
        start(&all[i]);
    }
    run(atof(arguments[5]));
    measuring = 1;
    refused = 0;
    double cpu_before = cpu(pid);
    uint64_t begin = now();
    run(atof(arguments[4]));
    double seconds = (double)(now() - begin) / 1e9;
    double cpu_used = cpu(pid) - cpu_before;
    printf("%.0f %.0f %.1f %.1f %.1f %.1f %.4f %llu\n",
        (double)messages / seconds, (double)sessions_done / seconds, quantile(0.5), quantile(0.99), quantile(0.999),
        (double)longest / 1000, messages ? cpu_used * 1000 / (double)messages : 0, (unsigned long long)refused);
    return 0;
}

/*
 * The physical limit: reads frames, skips them by their length, and answers every RCPT and every end of the body with a constant.
 * One epoll loop a core, each with a listener of its own (SO_REUSEPORT). It negotiates what OrgMilter negotiates, and decides
 * nothing.
 *
 *   stub PORT|PATH
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define STEPS 0x7370u
#define BUFFER 16384

#define TLS "{tls_version} {verify} {cert_subject} {cert_issuer} {cn_subject} {cn_issuer}"

static const char macros[] =
    "\0\0\0\0" "v {daemon_addr} {daemon_port}\0" "\0\0\0\1" TLS "\0"
    "\0\0\0\2" "i {auth_type} {auth_authen} {mail_addr} {mail_mailer} " TLS "\0"
    "\0\0\0\3" "i {rcpt_addr} {rcpt_mailer}\0" "\0\0\0\5" "i";

struct session {
    int fd;
    size_t in;
    unsigned char input[BUFFER];
};

static uint16_t port;
static int unix_listener = -1; /* one for all, which SO_REUSEPORT does not split */

static void answer(unsigned char *output, size_t *length, const void *frame, size_t size) {
    uint32_t n = htonl((uint32_t)size);
    memcpy(output + *length, &n, 4);
    memcpy(output + *length + 4, frame, size);
    *length += size + 4;
}

/* 0 at the end of the session. */
static int serve(struct session *s) {
    unsigned char output[4096];
    size_t out = 0, at = 0;
    ssize_t n = recv(s->fd, s->input + s->in, BUFFER - s->in, 0);
    if (n <= 0) return n < 0 && errno == EAGAIN;
    s->in += (size_t)n;
    while (s->in - at >= 5) {
        uint32_t length;
        memcpy(&length, s->input + at, 4);
        length = ntohl(length);
        if (s->in - at < length + 4) break;
        switch (s->input[at + 4]) {
        case 'O': {
            unsigned char frame[13 + sizeof macros] = {'O'};
            uint32_t words[3] = {htonl(6), htonl(0x100), htonl(STEPS)};
            memcpy(frame + 1, words, sizeof words);
            memcpy(frame + 13, macros, sizeof macros);
            answer(output, &out, frame, sizeof frame);
            break;
        }
        case 'R':
        case 'E':
            answer(output, &out, "c", 1);
            break;
        case 'Q':
            return 0;
        }
        at += length + 4;
    }
    memmove(s->input, s->input + at, s->in - at);
    s->in -= at;
    return out == 0 || send(s->fd, output, out, MSG_NOSIGNAL) == (ssize_t)out;
}

static int listen_on_port(void) {
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&in, sizeof in) < 0 || listen(listener, 4096) < 0) { perror("stub"); exit(1); }
    return listener;
}

static int listen_on_path(const char *path) {
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    snprintf(un.sun_path, sizeof un.sun_path, "%s", path);
    if (bind(listener, (struct sockaddr *)&un, sizeof un) < 0 || listen(listener, 4096) < 0) { perror("stub"); exit(1); }
    return listener;
}

static void *loop(void *unused) {
    int one = 1, poller = epoll_create1(0), listener = unix_listener >= 0 ? unix_listener : listen_on_port();
    struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = NULL}, events[256];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int n = epoll_wait(poller, events, 256, -1);
        for (int i = 0; i < n; i++) {
            struct session *s = events[i].data.ptr;
            if (s == NULL) {
                int fd;
                while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    s = malloc(sizeof *s);
                    s->fd = fd;
                    s->in = 0;
                    struct epoll_event session = {.events = EPOLLIN, .data.ptr = s};
                    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &session);
                }
            } else if (!serve(s)) {
                close(s->fd);
                free(s);
            }
        }
    }
    return unused;
}

int main(int count, char **arguments) {
    if (count < 2) { fputs("usage: stub PORT|PATH\n", stderr); return 2; }
    if (arguments[1][0] == '/') unix_listener = listen_on_path(arguments[1]);
    else port = (uint16_t)atoi(arguments[1]);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    for (long i = 1; i < cores; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, loop, NULL);
    }
    loop(NULL);
    return 0;
}

/*
 * A minimal filter on libmilter: it replies at all four stages, as libmilter filters do, reads the same macros as OrgMilter, skips
 * headers and body, and decides nothing.
 *
 *   filter SOCKET     in libmilter's form, such as inet:10040@127.0.0.1
 */
#include <libmilter/mfapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static volatile size_t used;

static void read_macro(SMFICTX *context, char *name) {
    char *value = smfi_getsymval(context, name);
    used += value ? strlen(value) : 0;
}

static sfsistat connected(SMFICTX *context, char *name, _SOCK_ADDR *address) {
    (void)address;
    used += strlen(name);
    read_macro(context, "v");
    read_macro(context, "{daemon_addr}");
    read_macro(context, "{daemon_port}");
    return SMFIS_CONTINUE;
}

static void read_tls(SMFICTX *context) {
    read_macro(context, "{tls_version}");
    read_macro(context, "{verify}");
    read_macro(context, "{cert_subject}");
    read_macro(context, "{cert_issuer}");
    read_macro(context, "{cn_subject}");
    read_macro(context, "{cn_issuer}");
}

static sfsistat greeted(SMFICTX *context, char *name) {
    used += strlen(name);
    read_tls(context);
    return SMFIS_CONTINUE;
}

static sfsistat sender(SMFICTX *context, char **arguments) {
    used += strlen(arguments[0]);
    read_macro(context, "i");
    read_macro(context, "{auth_type}");
    read_macro(context, "{auth_authen}");
    read_macro(context, "{mail_addr}");
    read_macro(context, "{mail_mailer}");
    read_tls(context);
    return SMFIS_CONTINUE;
}

static sfsistat recipient(SMFICTX *context, char **arguments) {
    used += strlen(arguments[0]);
    read_macro(context, "i");
    read_macro(context, "{rcpt_addr}");
    read_macro(context, "{rcpt_mailer}");
    return SMFIS_CONTINUE;
}

static sfsistat ended(SMFICTX *context) {
    read_macro(context, "i");
    return SMFIS_CONTINUE;
}

#define TLS "{tls_version} {verify} {cert_subject} {cert_issuer} {cn_subject} {cn_issuer}"

static sfsistat negotiated(
        SMFICTX *context, unsigned long f0, unsigned long f1, unsigned long f2, unsigned long f3, unsigned long *pf0,
        unsigned long *pf1, unsigned long *pf2, unsigned long *pf3) {
    (void)f0, (void)f2, (void)f3;
    *pf0 = SMFIF_SETSYMLIST;
    *pf1 = (SMFIP_NOBODY | SMFIP_NOHDRS | SMFIP_NOEOH | SMFIP_NODATA | SMFIP_NOUNKNOWN) & f1;
    *pf2 = *pf3 = 0;
    smfi_setsymlist(context, SMFIM_CONNECT, "v {daemon_addr} {daemon_port}");
    smfi_setsymlist(context, SMFIM_HELO, TLS);
    smfi_setsymlist(context, SMFIM_ENVFROM, "i {auth_type} {auth_authen} {mail_addr} {mail_mailer} " TLS);
    smfi_setsymlist(context, SMFIM_ENVRCPT, "i {rcpt_addr} {rcpt_mailer}");
    smfi_setsymlist(context, SMFIM_EOM, "i");
    return SMFIS_CONTINUE;
}

int main(int count, char **arguments) {
    struct smfiDesc filter = {
        .xxfi_name = "filter", .xxfi_version = SMFI_VERSION, .xxfi_connect = connected, .xxfi_helo = greeted,
        .xxfi_envfrom = sender, .xxfi_envrcpt = recipient, .xxfi_eom = ended, .xxfi_negotiate = negotiated};
    if (count < 2) { fputs("usage: filter SOCKET\n", stderr); return EX_USAGE; }
    if (smfi_setconn(arguments[1]) == MI_FAILURE || smfi_register(filter) == MI_FAILURE) return EX_UNAVAILABLE;
    smfi_setbacklog(4096);
    return smfi_main();
}

divert(-1)
# sink.m4: for the demonstration only. All mail, whatever its destination, ends in
# the sink that entrypoint.sh starts on port 2525 beside Sendmail.
divert(0)dnl

dnl Everything that is not local ...
define(`SMART_HOST', `relay:[127.0.0.1]')dnl
define(`RELAY_MAILER_ARGS', `TCP $h 2525')dnl

dnl ... and everything that is, by the mailer `local', as it would be in real life,
dnl but by SMTP and without users to look up: w and 5 are the password file, A and
dnl : / | are aliases, lists, files and programs.
define(`LOCAL_MAILER_PATH', `[IPC]')dnl
define(`LOCAL_MAILER_ARGS', `TCP 127.0.0.1 2525')dnl
define(`LOCAL_MAILER_EOL', `\r\n')dnl
MODIFY_MAILER_FLAGS(`LOCAL', `-w5A:/|')dnl

dnl There is no DNS in the container: look nothing up.
FEATURE(`accept_unresolvable_domains')dnl
define(`confSERVICE_SWITCH_FILE', `/etc/mail/service.switch-nodns')dnl
define(`confTO_IDENT', `0')dnl

dnl Remember no host as down: the sink is the only one.
undefine(`confHOST_STATUS_DIRECTORY')dnl

dnl A busy machine is not a reason to queue mail (at load 8) or to refuse connections (12):
dnl it is this machine's load, and the container is not alone.
define(`confQUEUE_LA', `1000')dnl
define(`confREFUSE_LA', `1000')dnl

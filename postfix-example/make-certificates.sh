#!/bin/bash
#
# Makes the certificates of the example: a CA, those of the mail servers, and those
# of two impostors.
#
#   make-certificates.sh DIRECTORY
#
#   ca.pem, ca.key             the CA that Postfix trusts (smtpd_tls_CAfile)
#   mx1.example.net.pem        Postfix's own: key, certificate (smtpd_tls_chain_files)
#   mail.contoso.com.{pem,key} contoso's mail server, signed by the CA
#   impostor.{pem,key}         the same name, self-signed
#   mail.adatum.com.{pem,key}  adatum's mail server: only an alternative name,
#                              self-signed, and pinned
#   forger.{pem,key}           the same with another key
#
# They are valid for 60 days and only for trials: the CA's key is in the same folder.
# Existing files are replaced.

set -euo pipefail
unset CDPATH

if [[ $# != 1 || $1 == -* ]]; then
    sed -n '3,18s/^# \{0,1\}//p' "$0"
    [[ ${1:-} == --help || ${1:-} == -h ]] && exit 0
    exit 2
fi

command -v openssl >/dev/null || { echo "openssl is missing: apt-get install openssl" >&2; exit 1; }

umask 077
mkdir -p "$1"
cd "$1"

days=60

# Elliptic keys: made in milliseconds, and every Postfix of the last ten years takes them.
new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

# certificate FILE COMMON-NAME USAGE: what the CA vouches for. Postfix takes a
# client certificate only with the usage clientAuth (or with none named at all).
certificate() {
    new_key "$1.key"
    openssl req -new -key "$1.key" -subj "/O=OrgMilter example/CN=$2" \
        | openssl x509 -req -CA ca.pem -CAkey ca.key -set_serial "0x$(openssl rand -hex 8)" \
            -days "$days" -sha256 -out "$1.pem" -extfile <(
                echo 'basicConstraints = critical, CA:false'
                echo 'keyUsage = critical, digitalSignature'
                echo "extendedKeyUsage = $3"
                echo "subjectAltName = DNS:$2"
            ) 2>/dev/null
}

# self_signed FILE COMMON-NAME EXTENSION...; no common name if that is empty.
# No -x509 extensions from the machine's own openssl.cnf: those differ.
self_signed() {
    new_key "$1.key"
    openssl req -new -x509 -key "$1.key" -days "$days" -sha256 -out "$1.pem" -config <(
        echo '[req]'
        echo 'prompt = no'
        echo 'distinguished_name = subject'
        echo 'x509_extensions = extensions'
        echo '[subject]'
        echo 'O = OrgMilter example'
        if [[ -n $2 ]]; then echo "CN = $2"; fi
        echo '[extensions]'
        printf '%s\n' "${@:3}"
    )
}

self_signed ca 'OrgMilter example CA' \
    'basicConstraints = critical, CA:true' 'keyUsage = critical, keyCertSign, cRLSign'

certificate mx1.example.net mx1.example.net serverAuth
# Postfix wants the key and the certificate in one file, the key first.
cat mx1.example.net.key mx1.example.net.pem >mx1.example.net.chain
mv mx1.example.net.chain mx1.example.net.pem
rm mx1.example.net.key

certificate mail.contoso.com mail.contoso.com clientAuth

self_signed impostor mail.contoso.com \
    'basicConstraints = critical, CA:false' 'extendedKeyUsage = clientAuth'

for who in mail.adatum.com forger; do
    self_signed "$who" '' 'basicConstraints = critical, CA:false' \
        'extendedKeyUsage = clientAuth' 'subjectAltName = DNS:mail.adatum.com'
done

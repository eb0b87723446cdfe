#!/bin/sh
# certificate.sh FOLDER: makes a certificate that is signed by itself, where the folder has none. Replace it with one
# that browsers trust: fullchain.pem and privkey.pem.
set -eu
host=${ALLOWED_HOSTS%%,*}
[ ! -e "$1/fullchain.pem" ] || exit 0
umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj "/CN=$host" \
    -addext "subjectAltName=DNS:$host" -keyout "$1/privkey.pem" -out "$1/fullchain.pem"
echo "$1 has a certificate that no browser trusts yet: put another one for $host there."

#!/bin/sh
# certificate.sh FOLDER: makes a certificate that is signed by itself, where the folder has none, or one of these that
# is for another host or has expired. Replace it with one that browsers trust: fullchain.pem and privkey.pem.
set -eu
host=${ALLOWED_HOSTS%%,*}
file=$1/fullchain.pem
if [ -e "$file" ]; then
    if openssl x509 -in "$file" -noout -checkend 0 > /dev/null \
        && openssl x509 -in "$file" -noout -checkhost "$host" | grep -q "does match"; then exit 0; fi
    if [ "$(openssl x509 -in "$file" -noout -subject_hash)" != "$(openssl x509 -in "$file" -noout -issuer_hash)" ]; then
        echo "The certificate in $1 is not for $host, or has expired: put another one there."
        exit 0
    fi
fi
umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj "/CN=$host" \
    -addext "subjectAltName=DNS:$host" -keyout "$1/privkey.pem" -out "$file"
echo "$1 has a certificate that no browser trusts yet: put another one for $host there."

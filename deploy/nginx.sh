#!/bin/sh
# nginx.sh FOLDER: makes nginx.conf from the sample, in nginx's folder. It replaces what it made itself or what comes
# with nginx, and neither a file that was edited nor one that serves other sites.
set -eu
current=$1/nginx.conf
made=$current.portal  # as it was made, to see whether it was edited
sed "s/portal[.]example[.]org/${ALLOWED_HOSTS%%,*}/" "$(dirname "$0")/nginx.conf" > "$made.new"
if cmp -s "$current" "$made.new" || cmp -s "$current" "$made"; then
    cp "$made.new" "$current"
elif grep -Rqs "upstream portal" "$current" "$1/conf.d" "$1/sites-enabled"; then
    cmp -s "$made" "$made.new" || echo "$current was edited, so it stays. $made is what the portal now has: compare them."
else
    others=$(find -L "$1/conf.d" "$1/sites-enabled" -type f ! -name default 2> /dev/null || true)
    if [ -n "$others" ]; then
        echo "nginx serves other sites here:" $others
        echo "The portal's nginx.conf would take their place, so it was not written. Move them to another machine; or add"
        echo "what is in $made to your own configuration, with its 'upstream portal'. Then run this again."
        mv "$made.new" "$made"
        exit 1
    fi
    cp "$current" "$current.before-portal"
    cp "$made.new" "$current"
    echo "$current is the portal's now. The earlier one is $current.before-portal."
fi
mv "$made.new" "$made"

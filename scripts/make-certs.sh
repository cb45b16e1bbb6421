#!/usr/bin/env bash
# A certificate authority of this machine alone, and a certificate of it for localhost and *.localhost.
set -euo pipefail

folder=${1:-certs}
command -v openssl >/dev/null || { echo "openssl is missing. Install it (Debian: apt-get install openssl) and run make certs again." >&2; exit 1; }
mkdir -p "$folder"
cd "$folder"

if [ -f localhost.pem ] && openssl x509 -checkend 604800 -noout -in localhost.pem >/dev/null; then
  echo "$folder/localhost.pem is valid for another week or longer; nothing to do."
  exit 0
fi

umask 077
if [ ! -f ca.pem ]; then
  openssl req -x509 -newkey rsa:2048 -nodes -days 825 -subj "/CN=FinOps development authority" \
    -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -keyout ca-key.pem -out ca.pem 2>/dev/null
fi
# Browsers refuse a wildcard right below a top-level domain in the subject, so every name stands in the alternative names.
names="DNS:localhost,DNS:*.localhost,DNS:app.localhost,DNS:demo.localhost,DNS:acme.localhost,IP:127.0.0.1,IP:::1"
openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout localhost-key.pem -out localhost.csr 2>/dev/null
openssl x509 -req -in localhost.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 397 -out localhost.pem \
  -extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$names") 2>/dev/null
rm -f localhost.csr

cat <<END
Made $folder/localhost.pem and $folder/localhost-key.pem, signed by $folder/ca.pem.
To trust them: Debian: cp $folder/ca.pem /usr/local/share/ca-certificates/finops.crt && update-ca-certificates
               macOS:  security add-trusted-cert -k ~/Library/Keychains/login.keychain-db $folder/ca.pem
               Node:   NODE_EXTRA_CA_CERTS=$folder/ca.pem
END

#!/usr/bin/env bash
# Installs what the tests need and the machine lacks: programs by apt-get, the browser tests' packages by npm. Does
# nothing when everything is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() { echo "setup-test: $*" >&2; exit 1; }

have() { command -v "$1" >/dev/null 2>&1; }

# The C library's headers come apart from the compiler; the race detector needs both.
have_libc_headers() { have gcc && echo '#include <stdlib.h>' | gcc -E - >/dev/null 2>&1; }

# An application in Python signs in: the system's Python has the library, whatever other one comes first.
have_authlib() { /usr/bin/python3 -c 'import authlib, requests' 2>/dev/null; }

# Apache signs people in as an application of CAS; without the package apache2 no service is started.
have_apache_cas() { [ -x /usr/sbin/apache2 ] && [ -e /usr/lib/apache2/modules/mod_auth_cas.so ]; }

have_postgres() { have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

for tool in go git make; do
  have "$tool" || fail "$tool is missing and is not installed from here; install it first"
done

missing=()
have gcc || missing+=(gcc)
have_libc_headers || missing+=(libc6-dev)
have g++ || missing+=(g++)
have python3 || missing+=(python3)
have_authlib || missing+=(python3-authlib python3-requests)
have_apache_cas || missing+=(apache2-bin libapache2-mod-auth-cas)
have javac || missing+=(default-jdk-headless)
have_postgres || missing+=(postgresql)
have node || missing+=(nodejs)
have npm || missing+=(npm)
have chromium || missing+=(chromium)
have curl || missing+=(curl)

install_node_modules() {
  local folder=e2e/browser
  if [ -d $folder/node_modules ] && [ ! $folder/package-lock.json -nt $folder/node_modules ]; then return; fi
  echo "setup-test: npm ci in $folder"
  # Chromium comes from apt.
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm --prefix $folder ci --no-audit --no-fund >/dev/null
  touch $folder/node_modules
}

if [ ${#missing[@]} -eq 0 ]; then
  install_node_modules
  exit 0
fi
have apt-get || fail "these packages are missing and there is no apt-get to install them: ${missing[*]}"
if [ "$(id -u)" -ne 0 ]; then
  fail "these packages are missing: ${missing[*]}; run as root: apt-get install ${missing[*]}"
fi

echo "setup-test: installing ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update && apt-get install --yes --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
  tail -n 30 "$log" >&2
  fail "apt-get could not install: ${missing[*]}"
fi
install_node_modules

#!/bin/sh
# Runs `make demo` and `make test` on a new Debian that has git, make, Python, Go and Node, and nothing else: no Docker,
# no Pulumi, an empty home. It is a folder with namespaces of its own, so that nothing of this machine is touched.
#
#   sh galley_iac/toolchain/fresh-machine.sh [COMMAND]     as root; needs debootstrap, slirp4netns, Go and Node
#
# The log goes to the standard output.
set -eu
checkout=$(cd "$(dirname "$0")/../.." && pwd)
root=${FRESH_ROOT:-/var/tmp/galley-fresh-machine}
commands=${1:-'make demo && curl --fail --silent --show-error "$(demo_url)/healthz" && echo && make demo-down && make test'}

say() { printf '\n### %s\n' "$*"; }

make_system() {
    say "debootstrap"
    debootstrap --variant=minbase --include=git,make,python3,ca-certificates,curl,procps bookworm "$root" | tail -n 1
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    cp "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$root/etc/ssl/certs/ca-certificates.crt"
    git clone --quiet "file://$checkout" "$root/root/galley"
    mkdir -p "$root/usr/local/go" "$root/usr/local/lib/node_modules/npm"
    cp "$(readlink -f "$(command -v node)")" "$root/usr/local/bin/node"
    for name in npm npx; do
        ln -s "../lib/node_modules/npm/bin/$name-cli.js" "$root/usr/local/bin/$name"
    done
}

# Only what tells programs of a proxy or of certificate authorities goes along.
settings() {
    env | grep -E '^(HTTPS?_PROXY|NO_PROXY|https?_proxy|no_proxy|SSL_CERT_FILE|REQUESTS_CA_BUNDLE|PIP_CERT|NODE_EXTRA_CA_CERTS)=' || true
}

# Runs inside the new namespaces, whose mounts and processes all go when it ends.
inside() {
    ip link set lo up
    mount --make-rprivate /
    mount --bind "$root" "$root"
    mount --bind "$(go env GOROOT)" "$root/usr/local/go"
    mount --bind "$(npm root --global)/npm" "$root/usr/local/lib/node_modules/npm"
    mount -t proc proc "$root/proc"
    mount -t sysfs sysfs "$root/sys"
    mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/run"
    mount -t tmpfs tmpfs "$root/tmp"
    # A container's root is made with pivot_root, which a mere chroot does not allow.
    cd "$root"
    mkdir .before
    pivot_root . .before
    umount --lazy /.before
    # shellcheck disable=SC2046  # one word for each setting
    # Control groups and bridges are named after the home's path: another one than the machine's own keeps them apart.
    mkdir -p home/newcomer
    exec chroot . env -i HOME=/home/newcomer LANG=C.UTF-8 $(settings) \
        PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        bash -eu -c "demo_url() { .venv/bin/galley status --file examples/python --json | grep -o 'http://[^\"]*' | head -n 1; }
            cd /root/galley; git log -1 --oneline; time { $commands; }"
}

if [ "${FRESH_INSIDE:-}" ]; then
    until [ -e "$root/.connected" ]; do sleep 0.1; done
    inside
fi

trap 'kill "$way_out" 2>/dev/null || true; rm -rf "$root"' EXIT
way_out=
rm -rf "$root"
make_system
FRESH_INSIDE=1 FRESH_ROOT=$root unshare --mount --net --pid --uts --ipc --fork --kill-child sh "$0" "$commands" &
started=$!
until child=$(pgrep --parent "$started"); do sleep 0.1; done
slirp4netns --configure --mtu=65520 "$child" tap0 >/dev/null 2>&1 &
way_out=$!
touch "$root/.connected"
wait "$started"

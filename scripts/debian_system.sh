# SPDX-License-Identifier: MIT
# A minimal Debian 12 in a folder, for checks of what a fresh machine needs; sourced by bash after lib.sh. Needs root.

# The address of the Debian archive that this machine uses.
debian_archive() {
    apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(CREATED_BY) $(REPO_URI)' \
        | awk '$1 == "bookworm" && $2 == "main" && $3 == "Packages" { print $4; exit }'
}

# make_system FOLDER: debootstrap's smallest variant, with this machine's way to reach the package registries.
make_system() {
    local system=$1 archive
    [ "$(id -u)" = 0 ] || die "this check makes a system in a folder (debootstrap, chroot) and needs root."
    [ ! -e "$system/etc/debian_version" ] || die "'$system' holds a system already; remove it or name another folder."
    archive=$(debian_archive)
    [ -n "$archive" ] || die "apt on this machine knows no archive of Debian 12 (bookworm)."
    say "making a minimal Debian 12 in $system …"
    mkdir -p "$system"
    debootstrap --variant=minbase bookworm "$system" "$archive" >"$system.log" 2>&1 \
        || die "debootstrap failed; see $system.log."

    # The same archives and certificates as here, wherever they may be; nothing else of this machine.
    rm -f "$system/etc/apt/sources.list"
    cp -a /etc/apt/sources.list* "$system/etc/apt/" 2>/dev/null || true
    find "$system/etc/apt/sources.list.d" -type f -not -name '*.list' -not -name '*.sources' -delete 2>/dev/null || true
    cp -aL /usr/share/keyrings/debian-archive-*.gpg "$system/usr/share/keyrings/" 2>/dev/null || true
    local file
    for file in /etc/apt/apt.conf.d/*; do
        ! grep -qE '^ *Acquire::' "$file" || cp "$file" "$system/etc/apt/apt.conf.d/"
    done
    [ ! -f /etc/pip.conf ] || cp /etc/pip.conf "$system/etc/pip.conf"
    if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
        mkdir -p "$system/etc/ssl/certs" "$system/opt"
        cp -L /etc/ssl/certs/ca-certificates.crt "$system/opt/certificates-of-the-host.crt"
        # Where pip's configuration names the usual file, it has to be there before ca-certificates is installed.
        cp -L /etc/ssl/certs/ca-certificates.crt "$system/etc/ssl/certs/ca-certificates.crt"
    fi
    cp -L /etc/resolv.conf "$system/etc/resolv.conf"
    cp -L /etc/hosts "$system/etc/hosts"
    mount_system "$system"
}

mount_system() {
    mountpoint -q "$1/proc" || mount -t proc proc "$1/proc"
    mountpoint -q "$1/dev" || mount --rbind /dev "$1/dev"
    mount --make-rslave "$1/dev"
    mountpoint -q "$1/sys" || mount -t sysfs -o ro sysfs "$1/sys" 2>/dev/null || true
    # A folder for shared memory and X sockets of its own.
    mountpoint -q "$1/tmp" || mount -t tmpfs tmpfs "$1/tmp"
}

unmount_system() {
    local place
    for place in tmp sys dev proc; do
        umount -R -l "$1/$place" 2>/dev/null || true
    done
}

# in_system FOLDER COMMAND…: runs a command in it as root, with a clean environment and no terminal.
in_system() {
    local system=$1 variable keep=()
    shift
    for variable in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY PIP_INDEX_URL PIP_EXTRA_INDEX_URL \
        PIP_TRUSTED_HOST PIP_DEFAULT_TIMEOUT DISPLAY QT_QPA_PLATFORM CI STUDIO_TEST_DATA; do
        [ -z "${!variable:-}" ] || keep+=("$variable=${!variable}")
    done
    chroot "$system" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM=dumb \
        PIP_CERT=/opt/certificates-of-the-host.crt "${keep[@]}" "$@" </dev/null
}

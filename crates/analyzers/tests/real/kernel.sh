# Takes a kernel of Debian apart, inside of a root that `mmdebstrap` made and into which apt installed it.
#
# As `debian.sh`, it leaves `/real/ID/root/…` and `/real/ID/truth`.
set -eu
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
tab=$(printf '\t')
release=$(ls /usr/lib/modules)
modules=usr/lib/modules/$release

mkdir -p /real/binary/kernel/root /real/binary/kernel-module/root
cd /
cp --parents -a "boot/vmlinuz-$release" "$modules/modules.builtin" "$modules/modules.order" /real/binary/kernel/root/

# Modules where DKMS lays its own, in each form in which a kernel takes them; what came with the kernel stays where it was,
# and is a part of the kernel.
cp --parents -a "$modules/kernel/net/key/"*.ko* /real/binary/kernel-module/root/
cd /real/binary/kernel-module/root
mkdir -p "$modules/updates/dkms"
place=0
taken=0
find "/$modules/kernel" -name '*.ko.xz' | sort | while read -r packed; do
  place=$((place + 1))
  # A tenth of all, and those that have a version of their own.
  version=$(modinfo -F version "$packed")
  if [ $((place % 10)) != 0 ] && [ -z "$version" ]; then continue; fi
  taken=$((taken + 1))
  magic=$(modinfo -F vermagic "$packed")
  printf '%s\t%s\n' "$(modinfo -F name "$packed")" "${version:-${magic%% *}}"
  cp "$packed" "$modules/updates/dkms/"
  file=$modules/updates/dkms/$(basename "$packed")
  if [ $((taken % 4)) != 0 ]; then xz --decompress "$file"; fi
  case $((taken % 4)) in
    1) gzip "${file%.xz}" ;;
    2) zstd --quiet --rm -19 "${file%.xz}" ;;
  esac
done | sort -u >/real/binary/kernel-module/truth

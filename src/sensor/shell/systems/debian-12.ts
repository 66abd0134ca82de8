/**
 * Debian 12's packages that a small server has, as `dpkg-deb -c` lists them: name, version, time of its files, then each program
 * with its size. `s/` is /usr/sbin, `:s` a set-user-ID mode, `>` a link.
 */
export const debian12 = `adduser 3.134 2023-05-25T15:54 s/adduser:48382 s/deluser:16727 s/addgroup>adduser s/delgroup>deluser
apt 2.6.2 2026-11-02T12:55 apt:18752 apt-cache:88456 apt-cdrom:22920 apt-config:26944 apt-get:51592 apt-key:27972 apt-mark:59784
at 3.2.5-1+b1 2022-10-15T16:20 at:s:59768 batch:152 s/atd:30816 atq>at atrm>at
bash 5.2.15-2+b13 2026-05-07T20:33 bash:1265648 bashbug:6865 clear_console:14488 rbash>bash
bind9-host 1:9.18.49-1~deb12u3 2026-10-13T19:49 host:117456
bsdextrautils 2.38.1-5+deb12u3 2024-11-21T20:01 col:35136 colcrt:14656 colrm:31040 column:55616 hexdump:59720 look:18752 ul:22848 write:22848 hd>hexdump
bsdutils 1:2.38.1-5+deb12u3 2024-11-21T20:01 logger:56216 renice:14648 script:71992 scriptlive:55608 scriptreplay:47416 wall:39224
bzip2 1.0.8-5+b1 2022-09-19T02:54 bunzip2:39224 bzdiff:2225 bzexe:4893 bzgrep:3775 bzip2recover:14568 bzmore:1297 bzcat>bunzip2 bzip2>bunzip2 bzcmp>bzdiff bzegrep>bzgrep bzfgrep>bzgrep bzless>bzmore
coreutils 9.1-1 2022-09-20T15:27 cat:44016 chgrp:68656 chmod:64496 chown:72752 cp:151152 date:121904 dd:89240 df:102200 dir:151344 echo:43856 false:35664 ln:72824 ls:151344 mkdir:97552 mknod:72912 mktemp:43952 mv:142968 pwd:43952 readlink:52112 rm:72752 rmdir:56240 sleep:43888 stty:85008 sync:39824 touch:109616 true:35664 uname:43888 vdir:151344 [:68496 arch:43888 b2sum:60400 base32:48016 base64:48016 basename:43856 basenc:56208 chcon:68720 cksum:142384 comm:48048 csplit:122032 cut:48112 dircolors:52144 dirname:39760 du:175440 env:48536 expand:43952 expr:117808 factor:85200 fmt:48016 fold:43920 groups:43920 head:48080 hostid:39760 id:48144 install:159544 join:56304 link:39760 logname:39760 md5sum:52176 mkfifo:68784 nice:43888 nl:113776 nohup:43920 nproc:43920 numfmt:68624 od:80912 paste:43920 pathchk:43888 pinky:48176 pr:81008 printenv:35664 printf:64432 ptx:138480 realpath:52144 runcon:43984 seq:60336 sha1sum:56272 sha224sum:60368 sha256sum:60368 sha384sum:64464 sha512sum:64464 shred:64656 shuf:60400 sort:118456 split:60984 stat:97488 stdbuf:60336 sum:52184 tac:113712 tail:76944 tee:43984 test:60304 timeout:48632 tr:56208 truncate:43920 tsort:56208 tty:35696 unexpand:43952 uniq:48080 unlink:39760 users:39824 wc:52280 who:60432 whoami:39792 yes:39760 s/chroot:48112 md5sum.textutils>md5sum
cpio 2.13+dfsg-7.1 2022-09-14T19:45 cpio:162368 mt-gnu:85376
cron 3.0pl1-162 2023-03-02T07:33 crontab:43648 s/cron:51776
curl 7.88.1-10+deb12u15 2026-05-08T14:16 curl:280800
dash 0.5.12-2 2023-01-05T13:20 dash:125640 sh>dash
debianutils 5.7-0.5~deb12u1 2023-07-28T23:46 run-parts:27560 tempfile:14520 s/installkernel:2659 ischroot:14664 savelog:10487 which.debianutils:946 s/add-shell:1053 s/remove-shell:1111 s/update-shells:3984
diffutils 1:3.8-4 2023-02-03T19:00 cmp:52176 diff:155216 diff3:68752 sdiff:56400
dmidecode 3.4-1 2022-06-30T18:37 s/biosdecode:27784 s/dmidecode:130216 s/ownership:14720 s/vpddecode:14856
dpkg 1.21.23 2026-03-07T12:15 s/start-stop-daemon:44464 dpkg:318096 dpkg-deb:170512 dpkg-divert:158264 dpkg-maintscript-helper:21206 dpkg-query:162384 dpkg-realpath:4186 dpkg-split:129520 dpkg-statoverride:63824 dpkg-trigger:88560 update-alternatives:59712 s/dpkg-fsys-usrunmess:17401
e2fsprogs 1.47.0-2+b2 2025-06-06T17:12 s/badblocks:35072 s/debugfs:239440 s/dumpe2fs:31040 s/e2fsck:356624 s/e2image:55760 s/e2scrub:7294 s/e2scrub_all:5394 s/e2undo:22840 s/mke2fs:141904 s/resize2fs:63800 s/tune2fs:117264 chattr:14584 lsattr:14584 s/e2freefrag:14648 s/e4crypt:26936 s/e4defrag:30960 s/filefrag:18696 s/mklost+found:14576 s/e2label>tune2fs s/e2mmpstatus>dumpe2fs s/fsck.ext2>e2fsck s/fsck.ext3>e2fsck s/fsck.ext4>e2fsck s/mkfs.ext2>mke2fs s/mkfs.ext3>mke2fs s/mkfs.ext4>mke2fs
ed 1.19-1 2023-01-16T07:11 ed:55744 red:89
eject 2.38.1-5+deb12u3 2024-11-21T20:01 eject:84128
fdisk 2.38.1-5+deb12u3 2024-11-21T20:01 s/cfdisk:109224 s/fdisk:162152 s/sfdisk:145720
file 1:5.44-3 2023-01-28T18:17 file:27120
findutils 4.9.0-4 2023-01-08T18:07 find:224848 xargs:72136
gcc-12 12.2.0-14+deb12u1 2025-04-07T11:26 x86_64-linux-gnu-gcc-12:1301496 x86_64-linux-gnu-gcc-ar-12:35368 x86_64-linux-gnu-gcc-nm-12:35368 x86_64-linux-gnu-gcc-ranlib-12:35368 x86_64-linux-gnu-gcov-12:737440 x86_64-linux-gnu-gcov-dump-12:581656 x86_64-linux-gnu-gcov-tool-12:602200 x86_64-linux-gnu-lto-dump-12:31945032 gcc-12>x86_64-linux-gnu-gcc-12 gcc-ar-12>x86_64-linux-gnu-gcc-ar-12 gcc-nm-12>x86_64-linux-gnu-gcc-nm-12 gcc-ranlib-12>x86_64-linux-gnu-gcc-ranlib-12 gcov-12>x86_64-linux-gnu-gcov-12 gcov-dump-12>x86_64-linux-gnu-gcov-dump-12 gcov-tool-12>x86_64-linux-gnu-gcov-tool-12 lto-dump-12>x86_64-linux-gnu-lto-dump-12
gcc 4:12.2.0-3 2020-11-17T18:53 c89-gcc:428 c99-gcc:454 gcc>gcc-12 gcc-ar>gcc-ar-12 gcc-nm>gcc-nm-12 gcc-ranlib>gcc-ranlib-12 gcov>gcov-12 gcov-dump>gcov-dump-12 gcov-tool>gcov-tool-12 lto-dump>lto-dump-12 x86_64-linux-gnu-gcc>gcc-12 x86_64-linux-gnu-gcc-ar>gcc-ar-12 x86_64-linux-gnu-gcc-nm>gcc-nm-12 x86_64-linux-gnu-gcc-ranlib>gcc-ranlib-12 x86_64-linux-gnu-gcov>gcov-12 x86_64-linux-gnu-gcov-dump>gcov-dump-12 x86_64-linux-gnu-gcov-tool>gcov-tool-12 x86_64-linux-gnu-lto-dump>lto-dump-12
git 1:2.39.5-0+deb12u3 2025-10-07T12:22 git:3713416 git-shell:2141792 scalar:2199656 git-receive-pack>git git-upload-archive>git git-upload-pack>git
gpg 2.2.40-1.1+deb12u2 2026-01-01T14:54 gpg:1108440
gpgv 2.2.40-1.1+deb12u2 2026-01-01T14:54 gpgv:474112
grep 3.8-5 2023-01-24T14:43 egrep:41 fgrep:41 grep:203152 rgrep:30
gzip 1.12-1 2022-04-10T02:22 gunzip:2346 gzexe:6447 gzip:98136 zcat:1984 zcmp:1678 zdiff:6460 zegrep:29 zfgrep:29 zforce:2081 zgrep:8103 zless:2206 zmore:1842 znew:4577 uncompress>gunzip
hostname 3.23+nmu1 2022-12-19T13:33 hostname:22680 dnsdomainname>hostname domainname>hostname nisdomainname>hostname ypdomainname>hostname
inetutils-telnet 2:2.4-2+deb12u3 2026-03-30T14:52 inetutils-telnet:190664
init-system-helpers 1.65.2+deb12u1 2022-07-13T19:55 deb-systemd-helper:24358 deb-systemd-invoke:6241 s/invoke-rc.d:16517 s/service:9107 s/update-rc.d:17742
iproute2 6.1.0-3 2023-05-22T13:19 ip:691016 ss:193680 s/bridge:156200 s/dcb:148072 s/devlink:226280 s/rtacct:45432 s/rtmon:115144 s/tc:587776 s/tipc:156264 s/vdpa:119464 lnstat:27224 nstat:106952 rdma:184936 routel:1658 s/arpd:106984 s/genl:119304 s/ip>/bin/ip ctstat>lnstat rtstat>lnstat
iptables 1.8.9-2 2023-01-12T10:27 s/iptables-apply:7037 s/nfnl_osf:18664 s/xtables-legacy-multi:91112 s/xtables-nft-multi:228512 iptables-xml>../sbin/xtables-legacy-multi s/arptables-nft>xtables-nft-multi s/arptables-nft-restore>xtables-nft-multi s/arptables-nft-save>xtables-nft-multi s/ebtables-nft>xtables-nft-multi s/ebtables-nft-restore>xtables-nft-multi s/ebtables-nft-save>xtables-nft-multi s/ebtables-translate>xtables-nft-multi s/ip6tables-apply>iptables-apply s/ip6tables-legacy>xtables-legacy-multi s/ip6tables-legacy-restore>xtables-legacy-multi s/ip6tables-legacy-save>xtables-legacy-multi s/ip6tables-nft>xtables-nft-multi s/ip6tables-nft-restore>xtables-nft-multi s/ip6tables-nft-save>xtables-nft-multi s/ip6tables-restore-translate>xtables-nft-multi s/ip6tables-translate>xtables-nft-multi s/iptables-legacy>xtables-legacy-multi s/iptables-legacy-restore>xtables-legacy-multi s/iptables-legacy-save>xtables-legacy-multi s/iptables-nft>xtables-nft-multi s/iptables-nft-restore>xtables-nft-multi s/iptables-nft-save>xtables-nft-multi s/iptables-restore-translate>xtables-nft-multi s/iptables-translate>xtables-nft-multi s/xtables-monitor>xtables-nft-multi
iputils-ping 3:20221126-1+deb12u1 2024-09-24T17:00 ping:90568 ping4>ping ping6>ping
kmod 30+20221128-1 2022-12-10T00:02 kmod:178448 lsmod>kmod s/depmod>/bin/kmod s/insmod>/bin/kmod s/lsmod>/bin/kmod s/modinfo>/bin/kmod s/modprobe>/bin/kmod s/rmmod>/bin/kmod
less 590-2.1~deb12u2 2024-05-02T18:30 less:198960 lessecho:14584 lesskey:24200 lesspipe:9047 lessfile>lesspipe
libc-bin 2.36-9+deb12u14 2026-04-27T20:14 s/ldconfig:982880 getconf:27136 getent:36320 iconv:64648 ldd:5407 locale:47272 localedef:298912 pldd:23232 tzselect:15352 zdump:23064 s/iconvconfig:31584 s/zic:60136 ld.so>/lib64/ld-linux-x86-64.so.2
login 1:4.13+dfsg1-1+deb12u2 2025-12-14T14:00 login:53024 faillog:23072 lastlog:32512 newgrp:s:48896 s/nologin:14568 sg>newgrp
logrotate 3.21.0-1 2022-12-14T18:16 s/logrotate:100520
lsof 4.95.0-1 2022-04-28T04:08 lsof:179824
make 4.3-4.1 2021-04-10T13:55 make:240280 make-first-existing-target:4905 gmake>make
mawk 1.3.4.20200120-3.1 2022-06-17T15:35 mawk:158376
mount 2.38.1-5+deb12u3 2024-11-21T20:01 mount:s:59704 umount:s:35128 s/losetup:117168 s/swapoff:22840 s/swapon:51512
nano 7.2-1+deb12u1 2024-05-06T06:10 nano:287480 rnano>nano
ncurses-bin 6.4-4 2023-05-07T14:33 clear:14584 infocmp:63808 tabs:18672 tic:92512 toe:22768 tput:26896 tset:30968 captoinfo>tic infotocap>tic reset>tset
net-tools 2.10-0.1+deb12u2 2025-05-26T19:27 netstat:155304 s/ifconfig:83976 s/ipmaddr:19008 s/iptunnel:27192 s/mii-tool:27728 s/nameif:15000 s/plipconfig:14824 s/rarp:38024 s/route:70832 s/slattach:42184 s/arp:67720
netcat-openbsd 1.219-1 2022-10-20T21:19 nc.openbsd:43592
nftables 1.0.6-2+deb12u2 2023-09-16T05:47 s/nft:26776
openssh-client 1:9.2p1-2+deb12u10 2026-05-05T10:26 scp:273024 sftp:289376 ssh:1129504 ssh-add:530880 ssh-agent:485760 ssh-argv0:1455 ssh-copy-id:12676 ssh-keygen:661952 ssh-keyscan:637408 slogin>ssh
openssh-server 1:9.2p1-2+deb12u10 2026-05-05T10:26 s/sshd:1265432
openssl 3.0.22-1~deb12u2 2026-10-21T09:54 c_rehash:6925 openssl:976136
passwd 1:4.13+dfsg1-1+deb12u2 2025-12-14T14:00 s/shadowconfig:2273 chage:80376 chfn:s:62672 chsh:s:52880 expiry:31184 gpasswd:s:88496 passwd:s:68248 s/chgpasswd:67880 s/chpasswd:63856 s/cppw:61880 s/groupadd:101416 s/groupdel:88936 s/groupmems:67920 s/groupmod:101384 s/grpck:67888 s/grpconv:59536 s/grpunconv:59536 s/newusers:105392 s/pwck:59656 s/pwconv:55432 s/pwunconv:55472 s/useradd:159536 s/userdel:113608 s/usermod:147056 s/vipw:74384 s/cpgr>cppw s/vigr>vipw
pciutils 1:3.9.0-4 2023-01-17T23:50 lspci:106536 setpci:31040 s/update-pciids:1753
perl-base 5.36.0-7+deb12u4 2026-09-29T01:59 perl:3808560 perl5.36.0>perl
plocate 1.1.18-1 2023-01-28T20:46 plocate:314760 s/plocate-build:56288 s/updatedb.plocate:114096
procps 2:4.0.2-3 2022-12-19T06:06 kill:22840 ps:146360 s/sysctl:31040 free:26936 pgrep:35248 pidwait:35248 pmap:35160 pwdx:14648 skill:31056 slabtop:22904 tload:18760 top:134736 uptime:14648 vmstat:35552 w:22840 watch:27352 pkill>pgrep snice>skill
psmisc 23.6-1 2022-12-13T05:27 fuser:40784 killall:32720 peekfd:14848 prtstat:19016 pslog:14792 pstree:36640 pstree.x11>pstree
python3-minimal 3.11.2-1+b1 2023-04-09T10:22 py3clean:7810 py3compile:13308 py3versions>../share/python3/py3versions.py python3>python3.11
python3.11-minimal 3.11.2-6+deb12u9 2026-10-07T12:35 python3.11:6809944
rsync 3.5.0+ds1-0+deb12u1 2026-11-04T02:45 rrsync:44982 rsync:586928 rsync-ssl:6777
rsyslog 8.2302.0-1+deb12u2 2026-11-11T05:58 s/rsyslogd:749352
screen 4.9.0-4 2023-01-09T03:56 screen:482392
sed 4.9-1+deb12u1 2026-04-21T07:50 sed:126424
sudo 1.9.13p3-1+deb12u4 2026-04-11T12:01 cvtsudoers:345280 sudo:s:281624 sudoreplay:118480 s/sudo_logsrvd:250440 s/sudo_sendlog:155048 s/visudo:262784 sudoedit>sudo
systemd-sysv 252.39-1~deb12u2 2026-04-27T19:48 s/halt>/bin/systemctl s/init>/lib/systemd/systemd s/poweroff>/bin/systemctl s/reboot>/bin/systemctl s/runlevel>/bin/systemctl s/shutdown>/bin/systemctl s/telinit>/bin/systemctl
systemd 252.39-1~deb12u2 2026-04-27T19:48 journalctl:76432 loginctl:59888 networkctl:108936 systemctl:1353368 systemd-ask-password:18928 systemd-creds:43632 systemd-escape:18808 systemd-firstboot:51800 systemd-inhibit:22928 systemd-machine-id-setup:18928 systemd-notify:18816 systemd-repart:154304 systemd-sysext:43512 systemd-sysusers:64184 systemd-tmpfiles:113224 systemd-tty-ask-password-agent:35200 busctl:92672 hostnamectl:31104 kernel-install:13061 localectl:27008 systemd-analyze:186992 systemd-cat:18816 systemd-cgls:23016 systemd-cgtop:39320 systemd-cryptenroll:60008 systemd-delta:27008 systemd-detect-virt:18808 systemd-id128:22904 systemd-mount:51808 systemd-path:18808 systemd-run:59976 systemd-socket-activate:27008 systemd-stdio-bridge:18816 timedatectl:43384 systemd>/lib/systemd/systemd systemd-umount>systemd-mount
tar 1.34+dfsg-1.2+deb12u1 2024-01-20T09:27 tar:531984 s/rmt-tar:60432 s/tarcat:936
tcpdump 4.99.3-1 2023-01-14T17:23 tcpdump:1269784
tftp-hpa 5.2+20150808-1.4 2022-10-25T20:20 tftp:35880
tmux 3.3a-3 2022-10-31T16:55 tmux:1004336
traceroute 1:2.1.2-1 2023-02-25T12:24 lft.db:2493 traceproto.db:2885 traceroute-nanog:1618 traceroute.db:72944 s/tcptraceroute.db:1594 traceroute6.db>traceroute.db
ucf 3.0043+nmu1+deb12u1 2024-12-20T07:39 lcf:7784 ucf:41664 ucfq:19367 ucfr:11111
udev 252.39-1~deb12u2 2026-04-27T19:48 systemd-hwdb:129704 udevadm:1353288
unzip 6.0-28+deb12u1 2026-08-16T13:50 funzip:23000 unzip:179248 unzipsfx:84848 zipgrep:2959 zipinfo>unzip
util-linux-extra 2.38.1-5+deb12u3 2024-11-21T20:01 s/hwclock:88512 fincore:35184 lsfd:123192 lsirq:35312
util-linux 2.38.1-5+deb12u3 2024-11-21T20:01 dmesg:88656 findmnt:85600 lsblk:207168 more:59712 mountpoint:18744 su:s:72000 wdctl:72024 s/agetty:69112 s/blkdiscard:35136 s/blkid:125280 s/blkzone:80192 s/blockdev:80192 s/chcpu:47416 s/ctrlaltdel:39224 s/findfs:14648 s/fsck:55664 s/fsck.cramfs:43384 s/fsck.minix:125272 s/fsfreeze:14648 s/fstrim:76096 s/isosize:31040 s/mkfs:14648 s/mkfs.bfs:35136 s/mkfs.cramfs:43256 s/mkfs.minix:112968 s/mkswap:117056 s/pivot_root:14648 s/runuser:72000 s/sulogin:55616 s/swaplabel:18744 s/switch_root:18744 s/wipefs:47424 s/zramctl:117168 addpart:31040 choom:55616 chrt:67904 delpart:31040 fallocate:35136 flock:35216 getopt:35136 hardlink:51600 ionice:35136 ipcmk:35200 ipcrm:35136 ipcs:76096 last:51520 lscpu:129344 lsipc:100672 lslocks:72400 lslogins:96576 lsmem:67904 lsns:84288 mcookie:35200 mesg:18744 namei:35136 nsenter:35368 partx:121152 prlimit:39760 rename.ul:22840 resizepart:72000 rev:14648 setarch:27216 setpriv:80192 setsid:14648 setterm:47424 taskset:63808 uclampset:63808 unshare:84520 utmpdump:31032 whereis:31504 s/chmem:67904 s/ldattach:35136 s/readprofile:35168 s/rtcwake:47424 s/getty>agetty i386>setarch lastb>last linux32>setarch linux64>setarch x86_64>setarch
vim-common 2:9.0.1378-2+deb12u2 2025-02-16T05:23 helpztags:2514
vim-tiny 2:9.0.1378-2+deb12u2 2025-02-16T05:23 vim.tiny:1629584
wget 1.21.3-1+deb12u1 2025-03-03T13:32 wget:470384
xz-utils 5.4.1-1+deb12u2 2026-09-13T01:01 lzmainfo:14648 xz:84680 xzdiff:7422 xzgrep:10333 xzless:1813 xzmore:2190 unxz>xz xzcat>xz xzcmp>xzdiff xzegrep>xzgrep xzfgrep>xzgrep
`;

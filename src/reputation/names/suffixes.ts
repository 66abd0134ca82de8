/**
 * Suffixes beyond the Public Suffix List's private section under which anyone takes a name within a minute: dynamic DNS, tunnels and
 * call-back services. From their operators' published lists of domains.
 */
const dynamic: ReadonlySet<string> = new Set(
  `no-ip.biz no-ip.org no-ip.info no-ip.net no-ip.co.uk no-ip.ca noip.me noip.us ddns.net ddns.me ddns.info ddns.name
ddns.us ddns.mobi ddnsking.com ddnsfree.com ddnsgeek.com myddns.me myddns.rocks hopto.org hopto.me zapto.org sytes.net
redirectme.net servebeer.com serveblog.net servecounterstrike.com serveftp.com servegame.com servehalflife.com
servehttp.com servehumour.com serveirc.com serveminecraft.net servemp3.com servep2p.com servepics.com servequake.com
bounceme.net 3utilities.com gotdns.ch onthewifi.com viewdns.net webhop.me myftp.biz myftp.org mypsx.net myvnc.com
blogsyte.com dyndns.biz dyndns.info dyndns.org dyndns.tv dyndns-ip.com dynalias.com dynalias.net dynalias.org
homeip.net homedns.org homelinux.com homelinux.net homelinux.org homeunix.com homeunix.net homeunix.org is-a-geek.com
mine.nu selfip.com selfip.net selfip.org selfip.biz selfip.info doomdns.org doomdns.com gotdns.com kicks-ass.net
kicks-ass.org merseine.nu podzone.net podzone.org scrapping.cc shacknet.nu thruhere.net webhop.net webhop.org
duckdns.org chickenkiller.com crabdance.com ignorelist.com jumpingcrab.com mooo.com my.to strangled.net
twilightparadox.com us.to uk.to allowed.org awesomeis.me bad.mn evils.in homenet.org info.tm privatedns.org punked.us
raspberryip.com root.sx soon.it suroot.com t28.net undo.it changeip.co changeip.biz changeip.net changeip.org
dns-dns.com dns-stuff.com dns04.com dns05.com dns1.us dns2.us dnset.com dnsrd.com dsmtp.com dumb1.com dynamic-dns.net
dynamicdns.biz dynamicdns.co.uk dynamicdns.me.uk dynamicdns.org.uk dyndns.pro dynssl.com edns.biz epac.to esmtp.biz
ezua.com faqserv.com fartit.com freeddns.com freetcp.com freewww.biz freewww.info ftp1.biz ftpserver.biz gr8domain.biz
gr8name.biz https443.net https443.org ikwb.com instanthq.com iownyour.biz iownyour.org isasecret.com itemdb.com
itsaol.com jetos.com jkub.com jungleheart.com justdied.com lflink.com lflinkup.com lflinkup.net lflinkup.org
longmusic.com mefound.com misecure.com moneyhome.biz mrbasic.com mrbonus.com mrface.com mrslove.com my03.com
mydad.info myddns.com myftp.info myftp.name mylftv.com mymom.info mynetav.net mynetav.org mynumber.org mypicture.info
mypop3.net mypop3.org mysecondarydns.com mywww.biz myz.info ninth.biz ns01.biz ns01.info ns01.us ns02.biz ns02.info
ns02.us ns1.name ns2.name ns3.name ocry.com onedumb.com onmypc.biz onmypc.info onmypc.net onmypc.org onmypc.us
organiccrap.com otzo.com ourhobby.com port25.biz portrelay.com proxydns.com qhigh.com qpoe.com rebatesrule.net
sellclassics.com sendsmtp.com serveuser.com serveusers.com sexidude.com sexxxy.biz sixth.biz squirly.info ssl443.org
ssmailer.com toh.info toythieves.com trickip.net trickip.org tsara.com vizvaz.com wikaba.com wwwhost.biz wwwhost.us
x24hr.com xxuz.com xxxy.biz xxxy.info ygto.com youdontcare.com yourtrap.com zyns.com zzux.com publicvm.com linkpc.net
work.gd run.place line.pm dynu.net dynu.com accesscam.org camdvr.org casacam.net freeddns.org giize.com gleeze.com
kozow.com loseyourip.com mywire.org ooguy.com theworkpc.com webredirect.org 1cooldns.com bumbleshrimp.com ddnsguru.com
dynuddns.com dynuddns.net ydns.eu nsupdate.info dnsdynamic.com dynv6.net now-dns.net now-dns.org now-dns.top
nowddns.com ntdll.top dvrdns.org myactivedirectory.com dnsalias.com dnsalias.net dnsdojo.com dnsdojo.net
dyn-o-saur.com is-certified.com spdns.de spdns.org spdns.eu selfhost.bz selfhost.eu goip.de firewall-gateway.com
firewall-gateway.net 3322.org 8866.org 2288.org 6600.org 7766.org 8800.org 9966.org f3322.net f3322.org xicp.net
vicp.net oicp.net vicp.cc eicp.net gicp.net ngrok.io ngrok.app ngrok.dev ngrok-free.app ngrok-free.dev ply.gg
playit.gg portmap.io portmap.host pktriot.net packetriot.net localtonet.com loclx.io localto.net serveo.net
localhost.run lhr.life lhr.rocks trycloudflare.com pagekite.me bore.pub oast.fun oast.live oast.me oast.online
oast.pro oast.site interact.sh burpcollaborator.net oastify.com requestbin.net pipedream.net dnslog.cn ceye.io
webhook.site eu.org pp.ua nom.za co.vu cu.cc cz.cc co.cc de.vu`.split(/\s+/),
);

/** Top-level domains that were given away for nothing for years (Freenom). */
const free: ReadonlySet<string> = new Set(['tk', 'ml', 'ga', 'cf', 'gq']);

/** Whether any suffix of the name, short of the name itself, is a dynamic DNS, tunnel or call-back service. */
export function onDynamicSuffix(name: string): boolean {
  for (let dot = name.lastIndexOf('.', name.lastIndexOf('.') - 1); ; dot = name.lastIndexOf('.', dot - 1)) {
    if (dynamic.has(name.slice(dot + 1))) return dot >= 0;
    if (dot <= 0) return false;
  }
}

export function onFreeSuffix(name: string): boolean {
  return free.has(name.slice(name.lastIndexOf('.') + 1));
}

/** Labels that sinkholes and parking services put into the names that they answer with (name servers, CNAME targets). */
const sinkholes =
  /(?:^|[.-])sink-?hole(?:d|s)?\d*(?:[.-]|$)|(?:^|\.)(?:csof|shadowserver|fbi-cyber|arbors?sinkhole)\.(?:net|org|com)$|(?:^|\.)(?:seized|suspended)-?(?:domain|by)?\b/;
const parking =
  /(?:^|\.)(?:sedoparking|bodis|parkingcrew|above|afternic|parklogic|voodoo|uniregistry-?dns|dan|hugedomains|namebrightdns|parkpage|dsredirection|cashparking|domaincontrol-?parking|undeveloped|skenzo|fabulous|rook|ztomy|dnsnuts|internettraffic|smartname|fastpark|parked|domainparking(?:server)?|parkeddomain)\.(?:com|net|org|info|de|co)$|(?:^|[.-])park(?:ed|ing)(?:page)?\d*[.-]/;

/** What the name of a name server or CNAME target tells of the domain that points at it. */
export function serviceHint(target: string): 'sinkhole' | 'parking' | null {
  if (sinkholes.test(target)) return 'sinkhole';
  return parking.test(target) ? 'parking' : null;
}

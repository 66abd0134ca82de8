/** A few valid lines of each format, made up, with addresses of RFC 5737: for tests and benchmarks. */
export const examples: Record<string, string[]> = {
  caltrop: [
    '{"id":"01975b2e-5c00-7000-8000-000000000001","time":1750000000000,"arrived":1750000000100,"sensor":"decoy-1","session":"s1","protocol":"telnet","transport":"tcp","src":{"ip":"192.0.2.7","port":40001},"dst":{"ip":"198.51.100.5","port":23},"handshake":"established","decoy":true,"kind":"login","user":"root","secret":"xc3511","ok":false}',
  ],
  cowrie: [
    '{"eventid":"cowrie.session.connect","src_ip":"192.0.2.7","src_port":40001,"dst_ip":"198.51.100.5","dst_port":2222,"session":"abc123def456","protocol":"ssh","message":"New connection","sensor":"pot","timestamp":"2025-02-12T00:51:39.356583Z"}',
    '{"eventid":"cowrie.client.version","version":"SSH-2.0-Go","message":"Remote SSH version","sensor":"pot","timestamp":"2025-02-12T00:51:39.456583Z","src_ip":"192.0.2.7","session":"abc123def456"}',
    '{"eventid":"cowrie.login.failed","username":"root","password":"admin","message":"login attempt","sensor":"pot","timestamp":"2025-02-12T00:51:40.356583Z","src_ip":"192.0.2.7","session":"abc123def456"}',
    '{"eventid":"cowrie.command.input","input":"uname -a","message":"CMD: uname -a","sensor":"pot","timestamp":"2025-02-12T00:51:41.356583Z","src_ip":"192.0.2.7","session":"abc123def456"}',
    '{"eventid":"cowrie.session.file_download","url":"http://192.0.2.99/x.sh","outfile":"dl/e3","shasum":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","sensor":"pot","timestamp":"2025-02-12T00:51:41.456583Z","src_ip":"192.0.2.7","session":"abc123def456"}',
    '{"eventid":"cowrie.direct-tcpip.request","dst_ip":"example.org","dst_port":80,"src_ip":"192.0.2.7","src_port":5,"sensor":"pot","timestamp":"2025-02-12T00:51:42.356583Z","session":"abc123def456"}',
    '{"eventid":"cowrie.session.closed","duration":"3.1","message":"Connection lost","sensor":"pot","timestamp":"2025-02-12T00:51:43.356583Z","src_ip":"192.0.2.7","session":"abc123def456"}',
  ],
  'cowrie-sessions': [
    '{"session_id":"abc123def456","start_time":"2025-02-12T00:51:39.356583Z","end_time":"2025-02-12T00:51:41.200422Z","duration":1.8,"src_ip":"192.0.2.7","src_port":47952,"dst_port":22,"protocol":"ssh","total_connexion":2,"login_success":1,"login_failed":2,"avg_time_between_failed":0.0,"is_business_hours":false,"label":0}',
  ],
  dionaea: [
    '{"connection":{"protocol":"smbd","transport":"tcp","type":"accept"},"dst_ip":"198.51.100.5","dst_port":445,"src_hostname":"","src_ip":"192.0.2.7","src_port":55280,"timestamp":"2025-02-11T16:29:06.553931"}',
    '{"connection":{"protocol":"ftpd","transport":"tcp","type":"accept"},"dst_ip":"198.51.100.5","dst_port":21,"src_hostname":"","src_ip":"192.0.2.7","src_port":46874,"timestamp":"2025-02-21T23:41:31.226066","ftp":{"commands":{"arguments":["anonymous","x@","UTF8 ON",""],"command":["USER","PASS","OPTS","PWD"]}},"credentials":{"password":["x@"],"username":["anonymous"]}}',
  ],
  heralding: [
    '{"timestamp":"2025-02-11 09:51:17.638493","duration":2,"session_id":"7f8e9843-a019-492c-9d9b-6406d633850e","source_ip":"192.0.2.7","source_port":44002,"destination_ip":"198.51.100.5","destination_port":5432,"protocol":"postgresql","num_auth_attempts":1,"auth_attempts":[{"timestamp":"2025-02-11 09:51:17.841570","username":"postgres","password":"postgres"}],"session_ended":true,"auxiliary_data":{}}',
  ],
  honeytrap: [
    '{"is_virtual":false,"@timestamp":"2025-02-12T01:58:05Z","start_time":"2025-02-12T01:58:05Z","end_time":"2025-02-12T01:58:06Z","attack_connection":{"protocol":"tcp","remote_ip":"192.0.2.7","remote_port":49982,"local_ip":"198.51.100.5","local_port":8902,"payload":{"md5_hash":"","sha512_hash":"","length":30,"data_hex":"474554202f2e656e7620485454502f312e310d0a486f73743a20780d0a0d0a"}},"operation_mode":1,"download_count":0,"download_tries":0,"downloads":{}}',
  ],
  'cisco-asa': [
    '{"timestamp":"2025-02-12T04:18:58.326432","src_ip":"192.0.2.7","payload_printable":"\\"GET /+CSCOE+/logon.html HTTP/1.1\\" 302 -"}',
  ],
  sshd: [
    'Feb 12 14:10:21 host sshd[16378]: Invalid user pascal from 192.0.2.7 port 53502',
    'Feb 12 14:10:23 host sshd[16378]: Failed password for invalid user pascal from 192.0.2.7 port 53502 ssh2',
    '2025-02-12T14:10:25.738197+01:00 host sshd-session[16379]: Failed password for root from 192.0.2.7 port 53504 ssh2',
    '<86>1 2025-02-12T14:10:26.738197+01:00 host sshd 16380 - - Accepted publickey for ann from 192.0.2.8 port 53506 ssh2: ED25519 SHA256:abcdefgh',
    'Feb 12 14:10:27 host sshd[16381]: Connection closed by authenticating user root 192.0.2.7 port 45362 [preauth]',
    'Feb 12 14:10:28 host sshd[16382]: Unable to negotiate with 192.0.2.7 port 45626: no matching key exchange method found. Their offer: diffie-hellman-group14-sha1 [preauth]',
  ],
  combined: [
    '192.0.2.7 - - [17/May/2025:10:05:03 +0000] "GET /index.html HTTP/1.1" 200 5120 "https://example.org/" "Mozilla/5.0 (X11; Linux x86_64)"',
    'example.org:443 192.0.2.7 - ann [17/May/2025:10:05:04 +0200] "POST /login?x=\\"1\\" HTTP/2.0" 302 - "-" "curl/8.5.0"',
    '192.0.2.7 - - [17/May/2025:10:05:05 +0000] "\\x16\\x03\\x01" 400 226 "-" "-"',
  ],
  'zeek-dns': [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    '#path\tdns',
    '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\ttrans_id\tquery\tqclass\tqtype\tqtype_name\trcode\trcode_name\tanswers\tTTLs',
    '1750000000.123456\tCq1\t198.51.100.7\t41772\t198.51.100.53\t53\tudp\t7\twww.example\t1\t1\tA\t0\tNOERROR\tweb.example,192.0.2.10\t60.000000,120.000000',
    '1750000001.000001\tCq2\t198.51.100.7\t41773\t198.51.100.53\t53\ttcp\t8\tnope.example\t1\t1\tA\t3\tNXDOMAIN\t-\t-',
    '1750000002.000001\tCq3\t198.51.100.7\t41774\t198.51.100.53\t53\tudp\t9\ttxt.example\t1\t16\tTXT\t0\tNOERROR\tTXT 5 a\\x2c b\t300.000000',
    '{"ts":1750000003.5,"uid":"Cq4","id.orig_h":"198.51.100.7","id.orig_p":41775,"id.resp_h":"198.51.100.53","id.resp_p":53,"proto":"udp","trans_id":10,"query":"www.example","qclass":1,"qtype":28,"qtype_name":"AAAA","rcode":0,"rcode_name":"NOERROR","answers":["web.example","2001:db8::10"],"TTLs":[60.0,120.0]}',
  ],
  'suricata-dns': [
    '{"timestamp":"2025-06-15T15:06:40.123456+0000","flow_id":11,"event_type":"dns","src_ip":"198.51.100.7","src_port":41772,"dest_ip":"198.51.100.53","dest_port":53,"proto":"UDP","dns":{"type":"query","id":7,"rrname":"www.example","rrtype":"A","tx_id":0}}',
    '{"timestamp":"2025-06-15T15:06:40.223456+0000","flow_id":11,"event_type":"dns","src_ip":"198.51.100.53","src_port":53,"dest_ip":"198.51.100.7","dest_port":41772,"proto":"UDP","dns":{"type":"answer","id":7,"rcode":"NOERROR","rrname":"www.example","rrtype":"CNAME","ttl":60,"rdata":"web.example"}}',
    '{"timestamp":"2025-06-15T15:06:41.123456+0000","flow_id":12,"event_type":"dns","src_ip":"198.51.100.7","src_port":41773,"dest_ip":"198.51.100.53","dest_port":53,"proto":"UDP","dns":{"version":2,"type":"answer","id":8,"flags":"8180","qr":true,"rd":true,"ra":true,"rrname":"www.example","rrtype":"A","rcode":"NOERROR","answers":[{"rrname":"www.example","rrtype":"CNAME","ttl":60,"rdata":"web.example"},{"rrname":"web.example","rrtype":"A","ttl":120,"rdata":"192.0.2.10"}],"grouped":{"A":["192.0.2.10"],"CNAME":["web.example"]}}}',
    '{"timestamp":"2025-06-15T15:06:42.123456+0000","flow_id":13,"event_type":"dns","src_ip":"198.51.100.7","src_port":41774,"dest_ip":"198.51.100.53","dest_port":53,"proto":"TCP","dns":{"version":3,"type":"response","tx_id":1,"id":9,"flags":"8180","qr":true,"rcode":"NOERROR","queries":[{"rrname":"host.example","rrtype":"A"}],"answers":[{"rrname":"host.example","rrtype":"A","ttl":120,"rdata":"192.0.2.10"}]}}',
  ],
  // As BIND 9.18, Unbound 1.17 and dnsmasq 2.90 write them.
  'bind-query': [
    '22-Nov-2026 11:49:47.455 queries: info: client @0x7f2bd6104098 127.0.0.1#36213 (www.example): query: www.example IN A +E(0)K (127.0.0.1)',
    '22-Nov-2026 11:49:47.763 queries: info: client @0x7f2bd6107898 127.0.0.1#35265 (WWW.Example): query: WWW.Example IN A +E(0)TK (127.0.0.1)',
    'Nov 22 11:49:47 ns1 named[812]: client @0x7f2bd6104098 2001:db8::7#36213 (www.example): view inside: query: www.example IN AAAA +E(0)K (2001:db8::53)',
  ],
  unbound: [
    '[1795348188] unbound[5897:0] info: 127.0.0.1 www.example. A IN',
    '[1795348188] unbound[5897:0] info: 127.0.0.1 www.example. A IN NOERROR 0.000931 0 109',
    'Nov 22 11:49:48 unbound[5897:0] reply: 127.0.0.1 nope.example. A IN NXDOMAIN 0.000508 0 85',
    'Nov 22 11:49:48 ns1 unbound: [5897:0] info: 127.0.0.1 host.example. AAAA IN',
  ],
  dnsmasq: [
    'Nov 22 11:49:48 dnsmasq[5899]: 1 127.0.0.1/56061 query[A] www.example from 127.0.0.1',
    'Nov 22 11:49:48 dnsmasq[5899]: 1 127.0.0.1/56061 forwarded www.example to 127.0.0.1#5301',
    'Nov 22 11:49:48 dnsmasq[5899]: 1 127.0.0.1/56061 reply www.example is <CNAME>',
    'Nov 22 11:49:48 dnsmasq[5899]: 1 127.0.0.1/56061 reply web.example is <CNAME>',
    'Nov 22 11:49:48 dnsmasq[5899]: 1 127.0.0.1/56061 reply host.example is 192.0.2.11',
    'Nov 22 11:49:48 dnsmasq[5899]: 1 127.0.0.1/56061 reply host.example is 192.0.2.10',
    'Nov 22 11:49:49 dnsmasq[5901]: query[A] nope.example from 127.0.0.1',
    'Nov 22 11:49:50 dnsmasq[5901]: reply nope.example is NXDOMAIN',
  ],
  'route53-resolver': [
    '{"version":"1.100000","account_id":"123456789012","region":"eu-west-1","vpc_id":"vpc-1","query_timestamp":"2025-06-15T15:06:40Z","query_name":"www.example.","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":[{"Rdata":"web.example.","Type":"CNAME","Class":"IN"},{"Rdata":"192.0.2.10","Type":"A","Class":"IN"}],"srcaddr":"198.51.100.7","srcport":"41772","transport":"UDP","srcids":{"instance":"i-1"},"firewall_rule_action":"ALERT"}',
  ],
  'passive-dns': [
    '{"rrname":"www.example.","rrtype":"A","rdata":["192.0.2.10","192.0.2.11"],"time_first":1749000000,"time_last":1750000000,"count":17,"bailiwick":"example."}',
    '{"rrname":"mail.example","rrtype":"MX","rdata":"10 host.example","time_first":"1749000000","time_last":"1750000000","count":2}',
  ],
  edges: [
    'domain\tip\tfamily\tfirst_seen',
    'www.example\t192.0.2.10\tsome\t2025-06-15T15:06:40Z',
    'web.example\t2001:db8::10\t\t2025-06-15',
    'alias.example\twww.example\t\t1750000000',
  ],
};

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
};

/** All event ids that Cowrie has (`core/eventids.py`). */
export const cowrieIds: ReadonlySet<string> = new Set(
  [
    ['session', 'connect closed params input file_download file_download.failed file_upload'],
    ['client', 'version kex size var fingerprint malformed_packet'],
    ['login', 'success failed'],
    ['command', 'input success failed chpasswd'],
    ['log', 'open closed'],
    ['direct-tcpip', 'request data redirect tunnel ja4 ja4h'],
    ['tunnelproxy-tcpip', 'data'],
    ['telnet', 'option error exploit_attempt exploit_success'],
    ['proxy', 'ssh backend_connected backend_disconnected backend_connect_error client_disconnect'],
    ['reversedns', 'connect forward'],
    ['greynoise', 'result'],
    ['virustotal', 'scanfile scanurl'],
    ['urlhaus', 'submitted'],
    ['abuseipdb', 'started reportedip reportfail ratelimited wakeup'],
  ].flatMap(([part, names]) => names!.split(' ').map((name) => `cowrie.${part}.${name}`)),
);

/** What a request tries, or null where it is ordinary. `target` and `body` are as `plainWeb` gives them. */
export function attackIn(target: string, body: string): string | null {
  for (const [name, pattern] of targets) if (pattern.test(target)) return name;
  if (body !== '') for (const [name, pattern] of payloads) if (pattern.test(body)) return name;
  for (const [name, pattern] of payloads) if (pattern.test(target)) return name;
  return null;
}

/** What a header's value tries: those that are logged or run. */
export function attackInHeader(value: string): string | null {
  for (const [name, pattern] of headers) if (pattern.test(value)) return name;
  return null;
}

type Patterns = readonly (readonly [string, RegExp])[];

/**
 * Paths that nobody asks for who does not look for a way in. No path that a real site's own pages link to: a log-in page is
 * not here. Each repetition is bounded, since targets are attackers' text.
 */
const targets: Patterns = [
  // Files that hold secrets or a site's source, and backups of them.
  [
    'secrets',
    /\/\.(?:env(?:\.|$|\?|\/)|git\/(?:config|head|index|logs)|svn\/|hg\/|aws\/|ssh\/|ssh$|docker\/config|vscode\/sftp|htpasswd|passwd|npmrc|bash_history|ds_store)/,
  ],
  [
    'secrets',
    /\/(?:wp-config\.php[._~a-z]{1,16}|wp-config\.(?:bak|old|txt|save)|config\.(?:json|yml|yaml|php\.bak)|credentials\.json|id_(?:rsa|ed25519)|backup\.(?:sql|zip|tar\.gz)|dump\.sql|database\.sql|[a-z]{1,32}\.sql$|web\.config$|settings\.cfg$|phpinfo\.php|_profiler\/phpinfo|server-status$)/,
  ],
  // Consoles and devices with known holes; the names are those of the products' own paths.
  [
    'exploit path',
    /\/(?:vendor\/|[\w/-]{0,64})?phpunit\/(?:src\/)?util\/php\/eval-stdin|\/_ignition\/execute-solution|\/cgi-bin\/(?:luci\/;|[\w.-]{0,32}\.(?:sh|cgi)\?|\.)|\/(?:boaform|goform)\/|\/gponform\/|\/hnap1|\/setup\.cgi\?|^\/shell\?|\/device\.rsp\?opt=|\/appget\.cgi\?hook=|\/sdk\/weblanguage|\/ctrlt\/deviceupgrade|\/picsdesc\.xml/,
  ],
  [
    'exploit path',
    /\/actuator\/(?:env|heapdump|gateway|jolokia|shutdown|restart)|\/jolokia\/|\/manager\/(?:html|text)|\/solr\/admin|\/hudson\b|\/jenkins\/script|\/nacos\/v1\/auth|\/druid\/(?:index|indexer)|\/telescope\/requests|\/debug\/(?:pprof|default\/view)|\/console\/(?:css|images)\/|\/wls-wsat\/|\/_async\/asyncresponse|\/geoserver\/(?:wfs|web)|\/ws\/v1\/cluster\/apps|\/containers\/(?:json|create)|\/v1\.\d{1,2}\/containers\/|\/_cat\/indices|\/api\/v1\/(?:pods|secrets)|\/struts2?-/,
  ],
  [
    'exploit path',
    /\/remote\/(?:fgt_lang\?|logincheck|hostcheck)|\/\+cscoe\+\/|\/\+webvpn\+\/|\/dana-na\/|\/vpn\/\.\.\/|\/mgmt\/tm\/|\/tmui\/login\.jsp\/\.\.;|\/global-protect\/|\/autodiscover\/autodiscover\.json|\/owa\/auth\/(?:x|current|logon\.aspx\?)|\/ecp\/|\/powershell\/?\?|\/api\/v2\/static\/not\.found|\/webui\/(?:logoutconfirm|index\.html\?)|\/aspera\/faspex|\/remotedesktop\/|\/human\.aspx|\/sslvpn\/|\/login\.action\?|\/%7b|\/\$%7b|\/\$\{/,
  ],
  [
    'scanner path',
    /\/(?:nmaplowercheck|nice%20ports|nice ports|trinity\.txt|hellothinkphp|sitecore\/shell|cf_scripts\/|jmx-console|invoker\/|axis2-admin|phpmyadmin\/scripts|muieblackcat|w00tw00t|ads\.txt~|aaa9$|aab[89]$|aad7$|ab2[gh]$)/,
  ],
  [
    'plugin probe',
    /\/wp-content\/plugins\/[\w.-]{1,64}\/[\w./-]{0,128}\.php(?:$|\?)|\/wp-includes\/wlwmanifest\.xml|\/xmlrpc\.php\?rsd|\/wp-(?:[a-z]{1,16}\/)?(?:shell|wso|alfa|c99|r57|webshell)[\w.-]{0,32}\.php|\/(?:alfacgiapi|wso\d{0,4}\.php|c99\.php|r57\.php|shell\d{0,2}\.php|cmd\.(?:php|jsp|asp)|webshell)/,
  ],
];

/** What is tried through a parameter, a path or a body. */
const payloads: Patterns = [
  [
    'path traversal',
    /(?:\.\.[/;]){2}|\/\.%2e\/|%2e%2e%2f|%%32%65|(?:\.\.%(?:c0%af|255c|5c|2f)){2}|\/etc\/(?:passwd|shadow|hosts)\b|\/proc\/self\/|\bwin\.ini\b|\bboot\.ini\b/,
  ],
  [
    'command injection',
    /[;|`&\n]\s{0,8}(?:wget|curl|cat|id|uname|nslookup|ping|busybox|sh|bash|chmod|rm|echo|tftp|nc)\s{1,8}[\w/.<>$'"-]|\$\((?:id|whoami|curl|wget|nslookup|cat)\b|cd\s{1,8}\/tmp\b|\bsystem\(|\bpassthru\(|\bshell_exec\(|\bproc_open\(|\bruntime\b.{0,64}\bexec\(/,
  ],
  [
    'PHP injection',
    /allow_url_include|auto_prepend_file|php:\/\/(?:input|filter)|data:\/\/text\/plain|expect:\/\/|<\?php|\binvokefunction\b|call_user_func_array|\beval\(|base64_decode\(|\bpearcmd\b|config-create/,
  ],
  ['lookup injection', /\$\{(?:jndi|lower:|upper:|::-|env:|sys:)|\bjndi:(?:ldap|rmi|dns|iiop)/],
  [
    'SQL injection',
    /\bunion\b(?:\s|\/\*){1,8}(?:all\b(?:\s|\/\*){1,8})?select\b|'\s{0,8}(?:or|and)\s{1,8}['"\d(]|\b(?:or|and)\s{1,8}\d{1,6}\s{0,4}=\s{0,4}\d{1,6}|\bsleep\(\s{0,4}\d|\bbenchmark\(|\bwaitfor\s{1,8}delay\b|\bxp_cmdshell\b|\binformation_schema\b|\bextractvalue\(|\bupdatexml\(|\bpg_sleep\(|;\s{0,8}(?:drop|insert|delete|update)\s{1,8}(?:table|into|from)\b/,
  ],
  [
    'script injection',
    /<script\b|<svg[\s/]|<img[^>]{0,64}\bon(?:error|load)\s{0,4}=|<iframe\b|\bjavascript:|\bon(?:error|load|mouseover|focus)\s{0,4}=\s{0,4}['"a-z]|\balert\(|\bdocument\.cookie\b|<body[^>]{0,64}\bon/,
  ],
  [
    'template injection',
    /\{\{\s{0,4}\d{1,6}\s{0,4}\*\s{0,4}\d|%\{\(?#|#\{\d{1,6}\*|\bognl\b|class\.module\.classloader|\$\{\d{1,6}\*\d/,
  ],
  ['XML injection', /<!entity\b|<!doctype[^>]{0,128}\bsystem\b/],
];

const headers: Patterns = [
  ['lookup injection', /\$\{(?:jndi|lower:|upper:|::-|env:|sys:)/i],
  ['shell function injection', /\(\)\s{0,4}\{\s{0,4}(?::|_|[^}]{0,16});\s{0,4}\}?\s{0,4};?/],
  ['template injection', /%\{\(?#|#cmd=|@java\.lang/],
];

/** Agents of programs that do nothing but look for holes. */
export const scannerAgent =
  /\b(?:sqlmap|nikto|nuclei|wpscan|masscan|zgrab|dirbuster|gobuster|feroxbuster|wfuzz|ffuf|acunetix|nessus|openvas|arachni|w3af|havij|fimap|jorgee|morfeus|zmeu|hello,? world|l9explore|l9tcpid|mozi\.m|gh0st|botnet|mirai)\b/i;

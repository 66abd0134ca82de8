/**
 * What CUPS 2.4.2 says of a queue whose jobs go to a printer as they are, in its order, as recorded: syntax (RFC 8011 §5.1), name,
 * values; `*` where the value is the machine's own, nothing where it is empty.
 */
export const queueAttributes = `integer marker-change-time 0
dateTime printer-config-change-date-time *
integer printer-config-change-time *
dateTime printer-current-time *
noValue printer-dns-sd-name
name printer-error-policy retry-job
name printer-error-policy-supported abort-job,retry-current-job,retry-job,stop-printer
uri printer-icons *
boolean printer-is-accepting-jobs true
boolean printer-is-shared true
boolean printer-is-temporary false
uri printer-more-info *
name printer-op-policy default
enum printer-state 3
dateTime printer-state-change-date-time *
integer printer-state-change-time *
text printer-state-message
keyword printer-state-reasons none
uri printer-strings-uri *
enum printer-type 4
integer printer-up-time *
uri printer-uri-supported *
integer queued-job-count *
keyword uri-security-supported none
keyword uri-authentication-supported requesting-user-name
integer printer-id 1
name printer-name *
text printer-location *
unsupported printer-geo-location
text printer-info *
text printer-organization
text printer-organizational-unit
uri printer-uuid *
integer job-quota-period 0
integer job-k-limit 0
integer job-page-limit 0
uri device-uri *
mime document-format-supported application/octet-stream,application/pdf,application/postscript,application/rss+xml,application/vnd.cups-banner,application/vnd.cups-command,application/vnd.cups-pdf,application/vnd.cups-postscript,application/vnd.cups-ppd,application/vnd.cups-raster,application/vnd.cups-raw,application/x-cshell,application/x-csource,application/x-perl,application/x-shell,image/gif,image/jpeg,image/png,image/pwg-raster,image/tiff,image/urf,image/x-alias,image/x-bitmap,image/x-icon,image/x-photocd,image/x-portable-anymap,image/x-portable-bitmap,image/x-portable-graymap,image/x-portable-pixmap,image/x-sgi-rgb,image/x-sun-raster,image/x-xbitmap,image/x-xpixmap,text/css,text/html,text/plain
integer copies-default 1
mime document-format-default application/octet-stream
integer job-cancel-after-default 10800
keyword job-hold-until-default no-hold
integer job-priority-default 50
integer number-up-default 1
integer notify-lease-duration-default 86400
keyword notify-events-default job-completed
noValue orientation-requested-default
keyword print-color-mode-default monochrome
enum print-quality-default 4
text printer-make-and-model Local Raw Printer
enum finishings-supported 3
enum finishings-default 3
charset charset-configured utf-8
charset charset-supported us-ascii,utf-8
keyword compression-supported none,gzip
range copies-supported 1-9999
text cups-version 2.4.2
language generated-natural-language-supported en
keyword ipp-features-supported subscription-object
keyword ipp-versions-supported 1.0,1.1,2.0,2.1
integer ippget-event-life 15
range job-cancel-after-supported 0-2147483647
keyword job-creation-attributes-supported copies,finishings,finishings-col,ipp-attribute-fidelity,job-hold-until,job-name,job-priority,job-sheets,media,media-col,multiple-document-handling,number-up,number-up-layout,orientation-requested,output-bin,page-delivery,page-ranges,print-color-mode,print-quality,print-scaling,printer-resolution,sides
keyword job-hold-until-supported no-hold,indefinite,day-time,evening,night,second-shift,third-shift,weekend
boolean job-ids-supported true
range job-k-octets-supported 0-264212084
integer job-priority-supported 100
keyword job-settable-attributes-supported copies,finishings,job-hold-until,job-name,job-priority,media,media-col,multiple-document-handling,number-up,output-bin,orientation-requested,page-ranges,print-color-mode,print-quality,printer-resolution,sides
name job-sheets-supported none
range jpeg-k-octets-supported 0-264212084
range jpeg-x-dimension-supported 0-65535
range jpeg-y-dimension-supported 1-65535
keyword media-col-supported media-bottom-margin,media-left-margin,media-right-margin,media-size,media-source,media-top-margin,media-type
keyword multiple-document-handling-supported separate-documents-uncollated-copies,separate-documents-collated-copies
boolean multiple-document-jobs-supported true
integer multiple-operation-time-out 900
keyword multiple-operation-time-out-action process-job
language natural-language-configured en
keyword notify-attributes-supported printer-state-change-time,notify-lease-expiration-time,notify-subscriber-user-name
range notify-lease-duration-supported 0-2147483647
integer notify-max-events-supported 100
keyword notify-events-supported job-completed,job-config-changed,job-created,job-progress,job-state-changed,job-stopped,printer-added,printer-changed,printer-config-changed,printer-deleted,printer-finishings-changed,printer-media-changed,printer-modified,printer-restarted,printer-shutdown,printer-state-changed,printer-stopped,server-audit,server-restarted,server-started,server-stopped
keyword notify-pull-method-supported ippget
keyword notify-schemes-supported dbus,mailto,rss
integer number-up-supported 1,2,4,6,9,16
keyword number-up-layout-supported btlr,btrl,lrbt,lrtb,rlbt,rltb,tblr,tbrl
enum operations-supported 2,4,5,6,8,9,10,11,12,13,16,17,18,19,20,21,22,23,24,25,26,27,28,34,35,37,38,56,57,59,16385,16386,16387,16388,16389,16390,16391,16392,16393,16394,16395,16396,16397,16398,16399,16423,14
enum orientation-requested-supported 3,4,5,6
keyword page-delivery-supported reverse-order,same-order
boolean page-ranges-supported true
range pdf-k-octets-supported 0-264212084
keyword pdf-versions-supported adobe-1.2,adobe-1.3,adobe-1.4,adobe-1.5,adobe-1.6,adobe-1.7,iso-19005-1_2005,iso-32000-1_2008,pwg-5102.3
keyword pdl-override-supported attempted
keyword print-scaling-supported auto,auto-fit,fill,fit,none
keyword printer-get-attributes-supported document-format
name printer-op-policy-supported default
keyword printer-settable-attributes-supported printer-geo-location,printer-info,printer-location,printer-organization,printer-organizational-unit
boolean server-is-sharing-printers false
keyword which-jobs-supported completed,not-completed,aborted,all,canceled,pending,pending-held,processing,processing-stopped
`;

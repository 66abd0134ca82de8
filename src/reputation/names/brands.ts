/**
 * Brands that are often impersonated, with the registered domains that are their own: the label of the first is what is looked for.
 * Written down for this project; an operator adds their own.
 */
export const brands: readonly (readonly string[])[] = `
paypal.com paypal.me paypalobjects.com
google.com google.co.uk google.de google.fr googleapis.com googleusercontent.com gstatic.com googlevideo.com googleadservices.com withgoogle.com
gmail.com googlemail.com
youtube.com youtu.be youtube-nocookie.com
facebook.com facebook.net fb.com fbcdn.net facebookmail.com
instagram.com cdninstagram.com
whatsapp.com whatsapp.net
messenger.com
telegram.org telegram.me t.me
twitter.com twimg.com
tiktok.com tiktokcdn.com tiktokv.com
snapchat.com
linkedin.com linkedin.cn
pinterest.com pinimg.com
reddit.com redditstatic.com redditmedia.com
discord.com discordapp.com discord.gg discordapp.net
slack.com slack-edge.com
skype.com
apple.com cdn-apple.com apple.news
icloud.com icloud-content.com
itunes.com
microsoft.com microsoft.net microsoft microsoftonline.com microsoftonline-p.com microsoftstore.com
windows.com windows.net windowsupdate.com
office.com office.net office365.com
outlook.com
hotmail.com
onedrive.com
sharepoint.com sharepointonline.com
xbox.com xboxlive.com
amazon.com amazon.co.uk amazon.de amazon.fr amazon.it amazon.es amazon.co.jp amazon.in amazon.ca amazonaws.com amazon-adsystem.com amazonvideo.com
netflix.com netflix.net nflxvideo.net nflximg.com
spotify.com spotifycdn.com
dropbox.com dropboxstatic.com dropboxusercontent.com
docusign.com docusign.net
adobe.com adobe.io adobedtm.com adobelogin.com
zoom.us zoom.com zoomgov.com
webex.com
github.com github.io githubusercontent.com githubassets.com
gitlab.com gitlab.io
cloudflare.com cloudflare.net cloudflareinsights.com cloudflare-dns.com
godaddy.com
wordpress.com wordpress.org
shopify.com shopifycdn.com
salesforce.com
oracle.com oraclecloud.com
cisco.com
fortinet.com fortinet.net
paloaltonetworks.com
kaspersky.com kaspersky-labs.com
mcafee.com
norton.com nortonlifelock.com
avast.com
malwarebytes.com
mozilla.org mozilla.com mozilla.net
firefox.com
opera.com opera-api.com
yahoo.com yahoo.co.jp yahooapis.com yahoodns.net
protonmail.com proton.me
yandex.ru yandex.net yandex.com
mailru.ru mail.ru
vkontakte.ru vk.com
alibaba.com alibabacloud.com alibabagroup.com
aliexpress.com aliexpress.ru
taobao.com
alipay.com
baidu.com baidustatic.com
tencent.com tencentcs.com tencent-cloud.net
wechat.com
weibo.com
rakuten.com rakuten.co.jp
mercadolibre.com mercadolibre.com.ar mercadolibre.com.mx
mercadopago.com mercadopago.com.ar mercadopago.com.br
ebay.com ebay.co.uk ebay.de ebaystatic.com ebayimg.com
walmart.com walmartimages.com
bestbuy.com
costco.com
booking.com bookingcdn.com
airbnb.com
expedia.com
tripadvisor.com
steampowered.com steamstatic.com
steamcommunity.com steamusercontent.com
roblox.com rbxcdn.com
epicgames.com epicgames.dev
minecraft.net
playstation.com playstation.net
nintendo.com nintendo.net
twitch.tv twitchcdn.net
visa.com
mastercard.com mastercard.us
americanexpress.com americanexpress.co.uk aexp-static.com
westernunion.com
moneygram.com
payoneer.com
revolut.com
transferwise.com wise.com
venmo.com
cashapp.com cash.app
zellepay.com
stripe.com stripe.network
chase.com chasecdn.com
jpmorgan.com jpmorganchase.com
bankofamerica.com bofa.com bac.com
wellsfargo.com wellsfargomedia.com
citibank.com citi.com citibankonline.com
capitalone.com capitalone360.com
usbank.com
pncbank.com pnc.com
tdbank.com td.com
hsbc.com hsbc.co.uk hsbcnet.com
barclays.com barclays.co.uk barclaycard.co.uk
lloydsbank.com lloydsbank.co.uk lloydsbankinggroup.com
natwest.com
santander.com santander.co.uk santander.com.br santandertrade.com
halifax.co.uk
nationwide.co.uk nationwide.com
monzo.com
bbva.com bbva.es bbva.mx
caixabank.es caixabank.com
bradesco.com.br bradesco
itau.com.br itau.com
bancodobrasil.com.br bb.com.br
nubank.com.br nu.com.mx
scotiabank.com scotiabank.ca
rbcroyalbank.com rbc.com
desjardins.com
bnpparibas.com bnpparibas.net
creditagricole.com credit-agricole.fr credit-agricole.com
societegenerale.com societegenerale.fr
labanquepostale.fr
commerzbank.com commerzbank.de
deutschebank.com deutsche-bank.de db.com
sparkasse.de
postbank.de
ingdirect.com ing.com ing.nl ing.de
rabobank.com rabobank.nl
abnamro.com abnamro.nl
unicredit.it unicreditgroup.eu unicredit.eu
intesasanpaolo.com
posteitaliane.it poste.it
postepay.it
ubs.com
creditsuisse.com credit-suisse.com
raiffeisen.ch raiffeisen.at raiffeisen.ru
sberbank.ru sberbank.com
tinkoff.ru
icicibank.com
hdfcbank.com
onlinesbi.com sbi.co.in onlinesbi.sbi
axisbank.com
paytm.com paytm.in
phonepe.com
commbank.com.au
westpac.com.au
binance.com binance.us binance.org binancecnt.com
coinbase.com coinbase.org
kraken.com
bitfinex.com
blockchain.com blockchain.info
metamask.io
trustwallet.com
ledger.com
trezor.io
uniswap.org
opensea.io
pancakeswap.finance
bitcoin.org
ethereum.org
dhl.com dhl.de
fedex.com
usps.com usps.gov
royalmail.com royalmail.co.uk
ups.com
hermesworld.com
auspost.com.au
canadapost.ca canadapost-postescanada.ca
correos.es
chronopost.fr
laposte.fr laposte.net
colissimo.fr
swisspost.ch post.ch
postnl.nl
verizon.com verizonwireless.com
tmobile.com t-mobile.com t-mobile.de
vodafone.com vodafone.co.uk vodafone.de vodafone.it
telekom.de telekom.com
swisscom.ch swisscom.com
ameli.fr
impots.gouv.fr
medicare.gov
netsuite.com
quickbooks.com
intuit.com
turbotax.com
wetransfer.com wetransfer.net
teamviewer.com
anydesk.com
putty.org
notepadplusplus.org notepad-plus-plus.org
videolan.org
winrar.com rarlab.com
sevenzip.org 7-zip.org
virustotal.com
`
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

/** Words that stand beside a brand's name where somebody wants it to be believed. */
export const lures: readonly string[] =
  `login logon signin sign-in account secure security verify verification verif confirm update support help service services customer
client billing invoice payment pay wallet recover recovery unlock unlocked restore password webmail mail online bank banking
auth authenticate authentication sso portal access alert notice notification limited suspend suspended refund reward rewards
gift bonus prize promo claim delivery parcel package tracking track shipping customs download install setup app apps web official
validate validation session id identity kyc token airdrop document docs file share drive cloud team meeting invite tax gov`
    .split(/\s+/)
    .filter((word) => word.length > 1);

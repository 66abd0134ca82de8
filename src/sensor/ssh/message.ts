/** Message numbers (RFC 4250 §4.1.2, RFC 4419 §5, RFC 8308 §2.3, PROTOCOL of OpenSSH). */
export const Message = {
  disconnect: 1,
  ignore: 2,
  unimplemented: 3,
  debug: 4,
  serviceRequest: 5,
  serviceAccept: 6,
  extInfo: 7,
  kexInit: 20,
  newKeys: 21,
  /** KEXDH_INIT, KEX_ECDH_INIT, and the old form of a group exchange's request. */
  kexFirst: 30,
  kexReply: 31,
  gexInit: 32,
  gexReply: 33,
  gexRequest: 34,
  userauthRequest: 50,
  userauthFailure: 51,
  userauthSuccess: 52,
  userauthBanner: 53,
  /** USERAUTH_PK_OK, USERAUTH_INFO_REQUEST: one number, by method. */
  userauthMethod: 60,
  userauthInfoResponse: 61,
  globalRequest: 80,
  requestSuccess: 81,
  requestFailure: 82,
  channelOpen: 90,
  channelOpenConfirmation: 91,
  channelOpenFailure: 92,
  channelWindowAdjust: 93,
  channelData: 94,
  channelExtendedData: 95,
  channelEof: 96,
  channelClose: 97,
  channelRequest: 98,
  channelSuccess: 99,
  channelFailure: 100,
} as const;

/** Reason codes of a disconnect (RFC 4250 §4.2.2). */
export const Reason = { protocolError: 2, byApplication: 11 } as const;

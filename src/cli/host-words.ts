/** What is said of a name that is wholly on hosts that have everybody's names, before who runs them. */
export const hostWords = {
  sinkhole: 'a sinkhole of',
  parking: 'a parking service,',
  shared: 'shared hosts of',
} as const;

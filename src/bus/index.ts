export { type Bus, limits as busLimits, type Message, type Subscription, type Topology } from './bus.ts';
export { openLocalBus } from './local.ts';
export { openNatsBus } from './nats.ts';

import type { Channel, NotificationChoices, Topic } from '../api/types';

export function isOn(choices: NotificationChoices, topic: Topic, channel: Channel): boolean {
  return !choices.off.some((one) => one.topic === topic && one.channel === channel);
}

export function toggled(choices: NotificationChoices, topic: Topic, channel: Channel): NotificationChoices {
  const rest = choices.off.filter((one) => one.topic !== topic || one.channel !== channel);
  return { ...choices, off: isOn(choices, topic, channel) ? [...rest, { topic, channel }] : rest };
}

/** Whether this is the one way that a critical topic still has: the node does not let it be switched off. */
export function isLastWay(choices: NotificationChoices, topic: Topic, channel: Channel): boolean {
  if (choices.topics.find((one) => one.id === topic)?.critical !== true || !isOn(choices, topic, channel)) return false;
  const reached = choices.channels.filter((one) => one.available && one.addresses.some((address) => address.confirmed));
  const counted = reached.length === 0 ? choices.channels : reached;
  return !counted.some((one) => one.id !== channel && isOn(choices, topic, one.id));
}

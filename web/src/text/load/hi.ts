import type { Text } from './en';

export const hi: Text = {
  title: 'लोड',
  intro: 'स्थान के अनुसार ऊर्जा, योग के रूप में। तीन से कम परिसर वाले स्थान एक साथ जोड़े जाते हैं, ताकि किसी का घर उनसे न पढ़ा जा सके।',
  by: 'किसके अनुसार',
  kinds: { district: 'ज़िला', feeder: 'फ़ीडर' },
  places: { district: 'ज़िले के अनुसार लोड', feeder: 'फ़ीडर के अनुसार लोड' },
  columns: { place: 'स्थान', premises: 'परिसर', taken: 'ली गई', given: 'दी गई', peak: 'सबसे अधिक लोड', share: 'हिस्सा' },
  peakHint: 'एक चरण में ली गई सबसे अधिक औसत शक्ति',
  others: 'सभी छोटे स्थान एक साथ',
  unnamed: 'बिना स्थान',
  counted: (count) => `${count} स्थान`,
  overTime: 'समय के साथ',
  choose: 'स्थान',
  allPlaces: 'सभी स्थान',
  empty: 'इस समय का लोड ज्ञात नहीं है।',
  emptyHint: 'कोई और समय चुनें। स्थान संचालक निर्देशिका में देता है।',
};

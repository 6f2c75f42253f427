import { bilingual } from '../text/language.svelte';

/** What a wallet's refusal means and what to do about it. */
export const texts = bilingual({
  en: {
    said: (words: string) => `It says: ${words}`,
    rejected: 'You said no in your wallet. Nothing was signed and nothing was sent.',
    pending: 'Your wallet already asks something. Answer it there, then try again.',
    noAccount: 'The wallet shows this page no account. Unlock it and let the page see the account, then try again.',
    otherAccount:
      'The wallet shows another account than the one that you are signed in with. Choose the right one in the wallet, then try again.',
    wrongChain:
      'The wallet is on another chain, and did not change to the community’s. Change it in the wallet, then try again.',
    unsupported: 'This wallet cannot do that. Use another one.',
    disconnected: 'The wallet has no connection to the community’s chain. Check the chain’s address in the wallet.',
    strange: 'The wallet failed, or answered something that this page cannot read. Nothing was done here.',
  },
  hi: {
    said: (words) => `उसका कहना: ${words}`,
    rejected: 'आपने वॉलेट में मना किया। न हस्ताक्षर हुआ, न कुछ भेजा गया।',
    pending: 'आपका वॉलेट पहले से कुछ पूछ रहा है। वहाँ जवाब दें, फिर कोशिश करें।',
    noAccount: 'वॉलेट इस पन्ने को कोई खाता नहीं दिखाता। उसे खोलें और खाता दिखने दें, फिर कोशिश करें।',
    otherAccount: 'वॉलेट साइन-इन वाले से अलग खाता दिखाता है। वॉलेट में सही खाता चुनें, फिर कोशिश करें।',
    wrongChain: 'वॉलेट किसी और चेन पर है और समुदाय की चेन पर नहीं आया। वॉलेट में बदलें, फिर कोशिश करें।',
    unsupported: 'यह वॉलेट ऐसा नहीं कर सकता। दूसरा लें।',
    disconnected: 'वॉलेट का समुदाय की चेन से संपर्क नहीं। वॉलेट में चेन का पता देखें।',
    strange: 'वॉलेट चूक गया, या उसका जवाब यह पन्ना पढ़ नहीं सका। यहाँ कुछ नहीं हुआ।',
  },
});

import { bilingual } from '../text/language.svelte';

export const texts = bilingual({
  en: {
    title: 'Settings',
    intro: 'What is chosen here is for this device; signed in, also for your account.',
    look: 'Language and colours',
  },
  hi: {
    title: 'सेटिंग',
    intro: 'यहाँ का चुनाव इस उपकरण के लिए है; साइन इन होने पर आपके खाते के लिए भी।',
    look: 'भाषा और रंग',
  },
});

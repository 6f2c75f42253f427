/* What the node will say to a form, said before it is sent. The node decides; these only spare a round. */

/** 16 characters of Crockford's base 32, with or without hyphens and spaces. */
export function isCode(text: string): boolean {
  return /^[0-9A-HJKMNP-TV-ZOIL]{16}$/i.test(text.replace(/[\s-]/g, ''));
}

/** 2 to 64 letters, marks or digits of any script, with single joints inside, and not looking like an address. */
export function isName(text: string): boolean {
  return (
    text.length >= 2 &&
    text.length <= 64 &&
    !/^0x/i.test(text) &&
    /^[\p{L}\p{M}\p{Nd}\u200c\u200d]+(?:[ ._-][\p{L}\p{M}\p{Nd}\u200c\u200d]+)*$/u.test(text)
  );
}

export function isPassword(text: string): boolean {
  return text.length >= 10 && text.length <= 256;
}

import qrcode from 'qrcode-generator';

/** A QR code as an SVG path in a square of `size` units, the quiet zone of 4 units around it included. */
export interface QrPath {
  size: number;
  path: string;
}

const quiet = 4;

/** The code of a text in the smallest version that holds it; level M bears the loss of 15 % of it. */
export function qrPath(text: string, level: 'L' | 'M' | 'Q' | 'H' = 'M'): QrPath {
  const code = qrcode(0, level);
  code.addData(text, 'Byte');
  code.make();
  const count = code.getModuleCount();
  let path = '';
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      if (!code.isDark(row, column)) continue;
      let width = 1;
      while (column + width < count && code.isDark(row, column + width)) width++;
      path += `M${column + quiet} ${row + quiet}h${width}v1h-${width}z`;
      column += width - 1;
    }
  }
  return { size: count + 2 * quiet, path };
}

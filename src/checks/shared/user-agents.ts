/*
 * What browsers really send, to hold patterns against. Few, but each of another kind: they name each other for historical
 * reasons, and that is what patterns stumble over.
 */

/** Browsers that a pattern for one of them may as well match: those built on the same engine. */
type BrowserFamily = 'Chromium' | 'Safari' | 'Firefox' | 'other';

interface UserAgent {
  readonly browser: string;
  readonly family: BrowserFamily;
  readonly value: string;
}

const WINDOWS = 'Windows NT 10.0; Win64; x64';
const MAC = 'Macintosh; Intel Mac OS X 10_15_7';
const IPHONE = 'iPhone; CPU iPhone OS 18_5 like Mac OS X';
const BLINK = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';

function browser(name: string, family: BrowserFamily, system: string, rest: string): UserAgent {
  return { browser: name, family, value: `Mozilla/5.0 (${system}) ${rest}` };
}

export const USER_AGENTS: readonly UserAgent[] = [
  browser('Chrome', 'Chromium', WINDOWS, `${BLINK} Chrome/140.0.0.0 Safari/537.36`),
  browser('Chrome', 'Chromium', MAC, `${BLINK} Chrome/140.0.0.0 Safari/537.36`),
  browser('Chrome on Android', 'Chromium', 'Linux; Android 10; K', `${BLINK} Chrome/140.0.0.0 Mobile Safari/537.36`),
  browser('Edge', 'Chromium', WINDOWS, `${BLINK} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`),
  browser('Opera', 'Chromium', WINDOWS, `${BLINK} Chrome/139.0.0.0 Safari/537.36 OPR/124.0.0.0`),
  browser(
    'Samsung Internet',
    'Chromium',
    'Linux; Android 10; K',
    `${BLINK} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
  ),
  browser('Safari', 'Safari', MAC, `${WEBKIT} Version/18.5 Safari/605.1.15`),
  browser('Safari on iPhone', 'Safari', IPHONE, `${WEBKIT} Version/18.5 Mobile/15E148 Safari/604.1`),
  browser('Chrome on iPhone', 'Safari', IPHONE, `${WEBKIT} CriOS/140.0.7339.101 Mobile/15E148 Safari/604.1`),
  browser('Firefox on iPhone', 'Safari', IPHONE, `${WEBKIT} FxiOS/142.0 Mobile/15E148 Safari/605.1.15`),
  browser('Firefox', 'Firefox', `${WINDOWS}; rv:142.0`, 'Gecko/20100101 Firefox/142.0'),
  browser('Firefox on Android', 'Firefox', 'Android 15; Mobile; rv:142.0', 'Gecko/142.0 Firefox/142.0'),
  { browser: 'curl', family: 'other', value: 'curl/8.7.1' },
];

/** The words by which patterns name a browser, and what they are meant to match. */
export const BROWSER_WORDS: ReadonlyMap<string, BrowserFamily> = new Map([
  ['chrome', 'Chromium'],
  ['chromium', 'Chromium'],
  ['safari', 'Safari'],
  ['firefox', 'Firefox'],
]);

/*
 * Where go-yaml, the reader of kubectl, takes more than the parser that is used here: text in quotes and flow collections may go on at
 * any indent, and in flow collections a colon ends a word only where a space follows (`[2001:db8::]`). Such a text is written
 * anew, each part on the line where it stood.
 */

/** A colon at the end of a word in a flow collection, which the parser takes for a key without value. */
const COLON_IN_FLOW = /[^"'\s]:[,\]}]/;

/** Columns further right than this are nobody's manifest, and would cost that much for each line. */
const MAX_COLUMN = 1_000;

/** Whether the parser may read the text without an error and yet otherwise. */
export function mayReadOtherwise(text: string): boolean {
  return COLON_IN_FLOW.test(text);
}

/** The text as the parser has to be given it; the text itself where nothing is to be changed. */
export function asLibraryReads(text: string): string {
  return new Rewriter(text).rewrite();
}

class Rewriter {
  private at = 0;
  private copied = 0;
  private readonly parts: string[] = [];
  private lineStart = 0;

  public constructor(private readonly text: string) {}

  public rewrite(): string {
    while (this.at < this.text.length) {
      this.line();
    }
    this.parts.push(this.text.slice(this.copied));
    return this.parts.length === 1 ? this.text : this.parts.join('');
  }

  /** A line of block style, with what begins on it: up to the first line that is not part of that. */
  private line(): void {
    this.lineStart = this.at;
    for (;;) {
      this.skip(/[ \t]*(?:[-?:](?=[ \t\r\n]|$)[ \t]*)*(?:[&!][^\s]*[ \t]+)*/y);
      const char = this.text[this.at];
      if (char === '"' || char === "'") {
        this.quoted(char, this.column(), true);
      } else if (char === '[' || char === '{') {
        this.flow(this.column());
      } else if (char === '|' || char === '>') {
        this.block();
        return;
      } else if (char === '#' || char === undefined || char === '\n' || char === '\r') {
        break;
      } else if (!this.plainKey()) {
        break;
      }
    }
    this.toNextLine();
  }

  /** A plain word up to its colon; false where it ends the line. */
  private plainKey(): boolean {
    const end = this.endOfLine();
    for (let at = this.at; at < end; at++) {
      const char = this.text[at];
      if (char === ':' && (at + 1 === end || /[ \t\r]/.test(this.text[at + 1]))) {
        this.at = at;
        return true;
      }
      if (char === '#' && /\s/.test(this.text[at - 1] ?? ' ')) {
        return false;
      }
    }
    return false;
  }

  /** Text in quotes, whose lines are moved to the right where `column` says so. */
  private quoted(quote: string, column: number, move: boolean): void {
    for (this.at++; this.at < this.text.length; this.at++) {
      const char = this.text[this.at];
      if (char === '\\' && quote === '"') {
        this.at++;
        if (this.text[this.at] === '\n' && move) {
          this.indentNext(column);
        }
      } else if (char === quote) {
        if (quote === "'" && this.text[this.at + 1] === quote) {
          this.at++;
        } else {
          this.at++;
          return;
        }
      } else if (char === '\n' && move) {
        this.indentNext(column);
      }
    }
  }

  private flow(column: number): void {
    let depth = 0;
    while (this.at < this.text.length) {
      const char = this.text[this.at];
      if (char === '[' || char === '{') {
        depth++;
        this.at++;
      } else if (char === ']' || char === '}') {
        depth--;
        this.at++;
        if (depth === 0) {
          return;
        }
      } else if (char === '"' || char === "'") {
        this.quoted(char, column, true);
      } else if (char === '\n') {
        this.indentNext(column);
        this.at++;
      } else if (char === '#' && /\s/.test(this.text[this.at - 1] ?? ' ')) {
        this.at = this.endOfLine();
      } else if (/[\s,:]/.test(char)) {
        this.at++;
      } else {
        this.wordInFlow();
      }
    }
  }

  /** Put in quotes where the parser would take a colon at its end for the end of a key. */
  private wordInFlow(): void {
    const start = this.at;
    this.skip(/[^\s,?[\]{}:](?:[^\s,?[\]{}:]|:(?!\s|$)|[ \t]+(?![\s#,[\]{}:]))*/y);
    if (this.at === start) {
      this.at++;
      return;
    }
    const word = this.text.slice(start, this.at);
    if (word.endsWith(':') && !/^[&*!]/.test(word)) {
      this.replace(start, this.at, `'${word.replaceAll("'", "''")}'`);
    }
  }

  /** A text in block style: all lines that are empty or further to the right than the line on which it begins. */
  private block(): void {
    const indent = this.indentOfHolder();
    this.toNextLine();
    while (this.at < this.text.length) {
      this.lineStart = this.at;
      const end = this.endOfLine();
      if (this.text.slice(this.at, end).trim() !== '' && this.indentOfLine(this.at) <= indent) {
        return;
      }
      this.toNextLine();
    }
  }

  /** Where the key or the dash stands whose value begins here: `- key: |` is as deep as its key. */
  private indentOfHolder(): number {
    const [before] = /^ *(?:- +)*/.exec(this.text.slice(this.lineStart, this.at)) ?? [''];
    return this.lineStart + before.length < this.at ? before.length : before.trimEnd().length - 1;
  }

  private indentOfLine(start: number): number {
    let at = start;
    while (this.text[at] === ' ') {
      at++;
    }
    return at - start;
  }

  private indentNext(column: number): void {
    const next = this.at + 1;
    const depth = this.indentOfLine(next);
    const isBlank =
      this.text[next + depth] === '\n' || this.text[next + depth] === '\r' || next + depth >= this.text.length;
    if (!isBlank && depth < column && column <= MAX_COLUMN) {
      this.replace(next, next, ' '.repeat(column - depth));
    }
    this.lineStart = next;
  }

  private replace(start: number, end: number, by: string): void {
    this.parts.push(this.text.slice(this.copied, start), by);
    this.copied = end;
  }

  private column(): number {
    return this.at - this.lineStart;
  }

  private skip(pattern: RegExp): void {
    pattern.lastIndex = this.at;
    this.at += pattern.exec(this.text)?.[0].length ?? 0;
  }

  private endOfLine(): number {
    const end = this.text.indexOf('\n', this.at);
    return end < 0 ? this.text.length : end;
  }

  private toNextLine(): void {
    this.at = this.endOfLine() + 1;
  }
}

import MarkdownIt, { type Token } from 'markdown-it';

/** A piece of Markdown: text, or an element of a fixed set with what is in it. Nothing of it is HTML. */
export type Piece = string | Element;
export interface Element {
  tag: Tag;
  /** Of a link: http, https or mailto. */
  href?: string;
  /** Of a block of code: what stands behind its fence. */
  language?: string;
  /** Of an ordered list. */
  start?: number;
  children: Piece[];
}

const TAGS = [
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'ul',
  'ol',
  'li',
  'blockquote',
  'pre',
  'code',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
  'hr',
  'br',
  'strong',
  'em',
  's',
  'a',
] as const;
export type Tag = (typeof TAGS)[number];
const isTag = (tag: string): tag is Tag => (TAGS as readonly string[]).includes(tag);

/** HTML stays the text that it is; a line break of the author stays one. */
const markdown = new MarkdownIt({ html: false, linkify: false, breaks: true });

/** More is shown as it was written: it would take longer to draw than anybody reads. */
const MOST_CHARS = 100_000;
const MOST_PIECES = 5000;
/** Nobody writes deeper; a text that does is made to break its reader. */
const DEEPEST = 60;

const LINK = /^(?:https?:\/\/|mailto:)/i;

/** What a text says as Markdown; null when it is better shown as it was written. Never throws. */
export function readMarkdown(text: string): Piece[] | null {
  if (text.length > MOST_CHARS) return null;
  try {
    const root: Piece[] = [];
    const size = build(markdown.parse(text, {}), [root]);
    return size === null ? null : root;
  } catch {
    return null;
  }
}

/** Puts the tokens into the innermost of the open lists; gives how many there were, null when they are too many or too deep. */
function build(tokens: readonly Token[], open: Piece[][], before = 0): number | null {
  let size: number | null = before;
  for (const token of tokens) {
    size += 1;
    if (size > MOST_PIECES || open.length > DEEPEST) return null;
    if (token.type === 'inline') {
      size = build(token.children ?? [], open, size);
      if (size === null) return null;
    } else if (token.nesting === 1) open.push(enter(token, open));
    else if (token.nesting === -1) open.pop();
    else open.at(-1)?.push(...leaf(token));
  }
  return size;
}

/** Opens an element and gives the list for what is in it; what is no element of ours is only its content. */
function enter(token: Token, open: Piece[][]): Piece[] {
  const parent = open.at(-1) ?? [];
  const href = token.tag === 'a' ? String(token.attrGet('href') ?? '') : null;
  // A hidden paragraph is that of a tight list.
  if (token.hidden || !isTag(token.tag) || (href !== null && !LINK.test(href))) return parent;
  const start = Number(token.attrGet('start') ?? 1);
  const element: Element = {
    tag: token.tag,
    children: [],
    ...(href === null ? {} : { href }),
    ...(token.tag === 'ol' && start !== 1 ? { start } : {}),
  };
  parent.push(element);
  return element.children;
}

function leaf(token: Token): Piece[] {
  switch (token.type) {
    case 'fence':
    case 'code_block': {
      const language = token.info.trim();
      const children = [token.content.replace(/\n$/, '')];
      return [{ tag: 'pre', ...(language === '' ? {} : { language }), children }];
    }
    case 'code_inline':
      return [{ tag: 'code', children: [token.content] }];
    case 'softbreak':
    case 'hardbreak':
      return [{ tag: 'br', children: [] }];
    case 'hr':
      return [{ tag: 'hr', children: [] }];
    // Whoever wrote the text must not learn that it is being read.
    case 'image':
      return [`[picture: ${token.content || 'without a description'}]`];
    default:
      return token.content === '' ? [] : [token.content];
  }
}

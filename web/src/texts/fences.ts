interface Part {
  code: boolean;
  text: string;
}

const FENCE = /^ {0,3}```[^\n`]*$/;

/** Text and its fenced code blocks; a fence that is not closed runs to the end, as in Markdown. */
export function splitFences(text: string): Part[] {
  const parts: Part[] = [];
  let lines: string[] = [];
  let code = false;
  const end = (): void => {
    const part = lines.join('\n').replace(/^\n+|\s+$/g, '');
    if (part) parts.push({ code, text: part });
    lines = [];
  };
  for (const line of text.split('\n')) {
    if (!FENCE.test(line)) lines.push(line);
    else {
      end();
      code = !code;
    }
  }
  end();
  return parts;
}

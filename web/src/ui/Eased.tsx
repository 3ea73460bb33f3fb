'use client';
import { useEffect, useRef } from 'react';

const EASE_MS = 200;

/** A figure that glides to its new value in 200 ms, at once where motion is not wanted. */
export function Eased({ value, format }: { value: number; format: (value: number) => string }) {
  const element = useRef<HTMLSpanElement>(null);
  const shown = useRef(value);
  // External system: the animation clock of the browser.
  useEffect(() => {
    const from = shown.current;
    const node = element.current;
    if (!node || from === value) return undefined;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      shown.current = value;
      node.textContent = format(value);
      return undefined;
    }
    const began = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const done = Math.min(1, Math.max(0, (now - began) / EASE_MS));
      shown.current = from + (value - from) * (1 - (1 - done) ** 3);
      node.textContent = format(shown.current);
      if (done < 1) frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [value, format]);
  return <span ref={element}>{format(shown.current)}</span>;
}

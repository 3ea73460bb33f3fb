import type { Metadata } from 'next';
import { CachePage } from '../../../cache/CachePage';

export const metadata: Metadata = { title: 'Prompt cache' };

export default function Page() {
  return <CachePage />;
}

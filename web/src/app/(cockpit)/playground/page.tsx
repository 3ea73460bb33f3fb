import type { Metadata } from 'next';
import { PlaygroundPage } from '../../../playground/PlaygroundPage';

export const metadata: Metadata = { title: 'Playground' };

export default function Page() {
  return <PlaygroundPage />;
}

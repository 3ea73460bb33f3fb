import type { Metadata } from 'next';
import { KeysPage } from '../../../keys/KeysPage';

export const metadata: Metadata = { title: 'Keys' };

export default function Page() {
  return <KeysPage />;
}

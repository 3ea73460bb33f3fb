'use client';
import { Login } from '../../shell/Login';

/** The one page that the gateway gives out without a token. */
export default function LoginPage() {
  return <Login onOpen={() => window.location.replace('/')} />;
}

'use client';
import type { HostDrawerProps } from './FleetPage';
export default function HostDrawer(_: HostDrawerProps) {
  return null;
}

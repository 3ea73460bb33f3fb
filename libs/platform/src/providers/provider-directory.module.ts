import { Module } from '@nestjs/common';
import { ProviderDirectory } from './provider-directory.js';

/** Gives `ProviderDirectory` to whoever imports it: one follower of the registry for all modules of a process. */
@Module({ providers: [ProviderDirectory], exports: [ProviderDirectory] })
export class ProviderDirectoryModule {}

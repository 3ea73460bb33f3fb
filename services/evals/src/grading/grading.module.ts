import { Module } from '@nestjs/common';
import { Sandboxes, SandboxesController } from './sandboxes.js';

/** How answers are graded, and where code runs for that. Gives `Sandboxes` to whoever imports it. */
@Module({ controllers: [SandboxesController], providers: [Sandboxes], exports: [Sandboxes] })
export class GradingModule {}

import { Module } from '@nestjs/common';
import { Guard } from './guard.js';
import { SessionController } from './session.controller.js';

/** Who may come in, and logging in and out. */
@Module({ controllers: [SessionController], providers: [Guard], exports: [Guard] })
export class EdgeModule {}

import { DatabaseModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { migrations } from './migrations.js';
import { OutboxModule } from './outbox/outbox.module.js';

@Module({ imports: [DatabaseModule.forRoot({ schema: 'actions', migrations }), OutboxModule] })
export class ActionsServiceModule {}

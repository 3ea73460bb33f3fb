import { Module } from '@nestjs/common';
import { MarksModule } from '../marks/marks.module.js';
import { HiddenController } from './hidden.controller.js';

@Module({ imports: [MarksModule], controllers: [HiddenController] })
export class HiddenModule {}

import { Module } from '@nestjs/common';
import { Marks } from './marks.js';

@Module({ providers: [Marks], exports: [Marks] })
export class MarksModule {}

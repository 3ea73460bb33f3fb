import { Module } from '@nestjs/common';
import { FavoritesController } from './favorites.controller.js';
import { HiddenController } from './hidden.controller.js';
import { Marks } from './marks.js';

/** What people marked: favourites, and hosts and models that are hidden. */
@Module({ controllers: [FavoritesController, HiddenController], providers: [Marks], exports: [Marks] })
export class MarksModule {}

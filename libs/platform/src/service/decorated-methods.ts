import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';

type Method = (...args: never[]) => unknown;

/** Remembers on a method what its decorator says; DecoratedMethods finds it. */
export function markMethod<M>(mark: symbol, descriptor: TypedPropertyDescriptor<M>, metadata: unknown): void {
  Reflect.defineMetadata(mark, metadata, descriptor.value as object);
}

export interface DecoratedMethod<M> {
  instance: object;
  /** Bound to its instance. */
  method: Method;
  /** What the decorator was given. */
  metadata: M;
}

/** The methods of this app's providers and controllers that carry one of the platform's decorators. */
@Injectable()
export class DecoratedMethods {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(MetadataScanner) private readonly scanner: MetadataScanner,
  ) {}

  /** Aliases of a provider (`useExisting`) count once. */
  find<M>(mark: symbol): DecoratedMethod<M>[] {
    const wrappers = [...this.discovery.getProviders(), ...this.discovery.getControllers()];
    const instances = new Set<object>();
    for (const { instance } of wrappers as { instance: unknown }[])
      if (typeof instance === 'object' && instance !== null) instances.add(instance);
    return [...instances].flatMap((instance) => this.ofInstance<M>(instance, mark));
  }

  private ofInstance<M>(instance: object, mark: symbol): DecoratedMethod<M>[] {
    const prototype = Object.getPrototypeOf(instance) as Record<string, Method> | null;
    if (prototype === null) return [];
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const method = prototype[name];
      const metadata: unknown =
        method === undefined ? undefined : (Reflect.getMetadata(mark, method) as unknown);
      if (method === undefined || metadata === undefined) return [];
      return [{ instance, method: method.bind(instance) as Method, metadata: metadata as M }];
    });
  }
}

package dev.assent.scenarios;

import dev.assent.core.spi.Store;
import dev.assent.runtime.InMemoryStore;
import java.time.InstantSource;

class InMemoryStoreTest extends StoreContract {

  @Override
  Store open(InstantSource time) {
    return new InMemoryStore(time);
  }
}

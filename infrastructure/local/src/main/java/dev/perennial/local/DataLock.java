package dev.perennial.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps a folder of state to one platform; the operating system lets go of it with the process. */
final class DataLock implements AutoCloseable {

  private final FileChannel file;

  private DataLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes the folder.
   *
   * @throws StartFailure when another platform has it
   */
  static DataLock take(Path data) throws IOException {
    FileChannel file =
        FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock(file) == null) {
      file.close();
      throw new StartFailure(
          "Another platform keeps its state in "
              + data
              + ": stop that one, or give another folder with -Dlocal.data=DIR.");
    }
    return new DataLock(file);
  }

  private static @Nullable FileLock lock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException _) { // that platform runs in this JVM
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

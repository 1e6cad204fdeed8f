#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "ServerCore/thread/Lock.h"

namespace servercore {

class SendBufferManager;

/// A block of memory that many send buffers are cut from. It goes back to its manager when the last
/// of them lets go, on whatever thread that happens.
class SendBufferChunk {
 public:
  static constexpr std::size_t kBytes = 64 * 1024;

  std::byte* data() { return reinterpret_cast<std::byte*>(this + 1); }
  std::uint32_t capacity() const { return capacity_; }
  void AddReferences(std::uint32_t count) noexcept {
    references_.fetch_add(count, std::memory_order_relaxed);
  }
  /// Whether the caller's reference is the only one. Others can only come from it.
  bool IsUnshared() const { return references_.load(std::memory_order_acquire) == 1; }
  void Release() noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) ReturnToManager();
  }

 private:
  friend class SendBufferManager;
  SendBufferChunk(SendBufferManager& owner, std::uint32_t capacity)
      : owner_(&owner), capacity_(capacity) {}
  void ReturnToManager() noexcept;

  SendBufferManager* owner_;
  std::uint32_t capacity_;
  std::atomic<std::uint32_t> references_{0};
};

/// Bytes to send: a value that keeps its chunk alive. Copying shares the bytes, so one buffer
/// serves a broadcast. The bytes are constant once the buffer exists. Safe to hand to other
/// threads.
class SendBuffer {
 public:
  SendBuffer() = default;
  /// Takes over one reference that the caller added to `chunk`.
  SendBuffer(SendBufferChunk* chunk, std::uint32_t offset, std::uint32_t size)
      : chunk_(chunk), offset_(offset), size_(size) {}
  SendBuffer(const SendBuffer& other) noexcept
      : chunk_(other.chunk_), offset_(other.offset_), size_(other.size_) {
    if (chunk_ != nullptr) chunk_->AddReferences(1);
  }
  SendBuffer(SendBuffer&& other) noexcept
      : chunk_(std::exchange(other.chunk_, nullptr)), offset_(other.offset_), size_(other.size_) {}
  SendBuffer& operator=(SendBuffer other) noexcept {
    std::swap(chunk_, other.chunk_);
    std::swap(offset_, other.offset_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~SendBuffer() {
    if (chunk_ != nullptr) chunk_->Release();
  }

  explicit operator bool() const { return chunk_ != nullptr; }
  const std::byte* data() const { return chunk_ == nullptr ? nullptr : chunk_->data() + offset_; }
  std::uint32_t size() const { return size_; }
  std::span<const std::byte> bytes() const { return {data(), size_}; }

  void RemovePrefix(std::uint32_t bytes) {
    offset_ += bytes;
    size_ -= bytes;
  }
  /// Whether `next` lies right behind this one in the same chunk: then both may go as one piece.
  bool IsFollowedBy(const SendBuffer& next) const {
    return chunk_ == next.chunk_ && offset_ + size_ == next.offset_;
  }
  void Extend(std::uint32_t bytes) { size_ += bytes; }
  /// Copies `bytes` behind these. False if its chunk has other holders too (a pool, for example),
  /// or no room: then nothing changed.
  bool Append(std::span<const std::byte> bytes);
  /// A broadcast's references, added at once instead of one by one; each is then taken over with
  /// Share().
  void AddReferences(std::uint32_t count) const { chunk_->AddReferences(count); }
  SendBuffer Share() const {
    return {chunk_, offset_, size_};
  }  ///< REQUIRES a reference added before

 private:
  SendBufferChunk* chunk_ = nullptr;
  std::uint32_t offset_ = 0;
  std::uint32_t size_ = 0;
};

/// What a SendBufferManager holds. chunks_in_use may be a moment ahead of or behind the others.
struct SendBufferCounters {
  std::size_t chunks_in_use = 0;
  std::size_t chunks_free = 0;     ///< kept for the next taker
  std::size_t bytes_held = 0;      ///< of all of them: what the system gave and has not back
  std::size_t bytes_held_max = 0;  ///< the most it ever was
  std::uint64_t large_chunks = 0;  ///< taken so far for packets larger than a chunk
};

/// Owns all chunks; keeps free ones for the next taker. Thread: any.
/// Destroying it asserts that every chunk came back.
class SendBufferManager {
 public:
  SendBufferManager() { free_.reserve(kFreeMax); }  // so that giving back never allocates
  SendBufferManager(const SendBufferManager&) = delete;
  SendBufferManager& operator=(const SendBufferManager&) = delete;
  ~SendBufferManager();

  /// A chunk with one reference, at least `bytes` large. Ones larger than kBytes are not kept.
  SendBufferChunk* Take(std::size_t bytes);
  /// One that is just so large, and is not kept.
  SendBufferChunk* TakeExactly(std::size_t bytes);
  std::size_t chunks_in_use() const { return in_use_.load(std::memory_order_relaxed); }
  SendBufferCounters counters() const;

 private:
  friend class SendBufferChunk;
  void Return(SendBufferChunk* chunk) noexcept;
  static void Free(SendBufferChunk* chunk) noexcept;

  static constexpr std::size_t kFreeMax =
      256;  ///< 16 MiB; beyond it memory goes back to the system
  mutable Lock lock_{"send buffer chunks"};
  std::vector<SendBufferChunk*> free_;
  std::size_t bytes_held_ = 0;
  std::size_t bytes_held_max_ = 0;
  std::uint64_t large_chunks_ = 0;
  std::atomic<std::size_t> in_use_{0};
};

/// A shard's open chunk. Open gives room, Close makes what was written a SendBuffer.
/// Thread: its shard only (the documents' thread-local chunk; here it belongs to the shard, so that
/// a simulation can run many shards on one thread).
class SendBufferPool {
 public:
  explicit SendBufferPool(SendBufferManager& manager) : manager_(&manager) {}
  SendBufferPool(const SendBufferPool&) = delete;
  SendBufferPool& operator=(const SendBufferPool&) = delete;
  ~SendBufferPool() { Drop(); }

  std::span<std::byte> Open(std::size_t bytes_max);
  /// REQUIRES bytes <= what was opened. Zero bytes give an empty buffer.
  SendBuffer Close(std::size_t bytes);
  SendBuffer Copy(std::span<const std::byte> bytes);
  /// In a chunk apart, that nobody else cuts from: more may follow behind by SendBuffer::Append, up
  /// to `capacity`. REQUIRES 0 < bytes.size() <= capacity.
  SendBuffer CopyApart(std::span<const std::byte> bytes, std::size_t capacity);
  void Drop();  ///< gives the open chunk up, for the count at the end

 private:
  SendBufferManager* manager_;
  SendBufferChunk* chunk_ = nullptr;
  std::uint32_t used_ = 0;
};

}  // namespace servercore

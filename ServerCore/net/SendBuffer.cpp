#include "ServerCore/net/SendBuffer.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "ServerCore/Assert.h"

namespace servercore {

void SendBufferChunk::ReturnToManager() noexcept { owner_->Return(this); }

bool SendBuffer::Append(std::span<const std::byte> bytes) {
  if (chunk_ == nullptr || !chunk_->IsUnshared()) return false;
  if (chunk_->capacity() - offset_ - size_ < bytes.size()) return false;
  std::memcpy(chunk_->data() + offset_ + size_, bytes.data(), bytes.size());
  Extend(static_cast<std::uint32_t>(bytes.size()));
  return true;
}

SendBufferManager::~SendBufferManager() {
  SC_ASSERT(chunks_in_use() == 0);
  for (SendBufferChunk* chunk : free_) Free(chunk);
}

SendBufferChunk* SendBufferManager::Take(std::size_t bytes) {
  SendBufferChunk* chunk = nullptr;
  {
    const std::lock_guard locked(lock_);
    if (bytes > SendBufferChunk::kBytes) {
      ++large_chunks_;
    } else if (!free_.empty()) {
      chunk = free_.back();
      free_.pop_back();
    }
  }
  if (chunk == nullptr) return TakeExactly(std::max(bytes, SendBufferChunk::kBytes));
  in_use_.fetch_add(1, std::memory_order_relaxed);
  chunk->references_.store(1, std::memory_order_relaxed);
  return chunk;
}

SendBufferChunk* SendBufferManager::TakeExactly(std::size_t bytes) {
  void* memory = ::operator new(sizeof(SendBufferChunk) + bytes);
  auto* chunk = new (memory) SendBufferChunk(*this, static_cast<std::uint32_t>(bytes));
  in_use_.fetch_add(1, std::memory_order_relaxed);
  chunk->references_.store(1, std::memory_order_relaxed);
  const std::lock_guard locked(lock_);
  bytes_held_ += bytes;
  bytes_held_max_ = std::max(bytes_held_max_, bytes_held_);
  return chunk;
}

SendBufferCounters SendBufferManager::counters() const {
  const std::lock_guard locked(lock_);
  return {.chunks_in_use = chunks_in_use(),
          .chunks_free = free_.size(),
          .bytes_held = bytes_held_,
          .bytes_held_max = bytes_held_max_,
          .large_chunks = large_chunks_};
}

void SendBufferManager::Return(SendBufferChunk* chunk) noexcept {
  {
    const std::lock_guard locked(lock_);
    if (chunk->capacity() == SendBufferChunk::kBytes && free_.size() < kFreeMax) {
      free_.push_back(chunk);
      chunk = nullptr;
    } else {
      bytes_held_ -= chunk->capacity();
    }
  }
  if (chunk != nullptr) Free(chunk);
  in_use_.fetch_sub(1, std::memory_order_relaxed);
}

void SendBufferManager::Free(SendBufferChunk* chunk) noexcept {
  chunk->~SendBufferChunk();
  ::operator delete(chunk);
}

std::span<std::byte> SendBufferPool::Open(std::size_t bytes_max) {
  // All that was cut from it has been sent: begin again in memory that is still in the cache.
  if (chunk_ != nullptr && chunk_->IsUnshared()) used_ = 0;
  if (chunk_ == nullptr || chunk_->capacity() - used_ < bytes_max) {
    Drop();
    chunk_ = manager_->Take(bytes_max);
  }
  return {chunk_->data() + used_, bytes_max};
}

SendBuffer SendBufferPool::Close(std::size_t bytes) {
  if (bytes == 0) return {};
  SC_ASSERT(chunk_ != nullptr && used_ + bytes <= chunk_->capacity());
  chunk_->AddReferences(1);
  const std::uint32_t offset = used_;
  used_ += static_cast<std::uint32_t>(bytes);
  return {chunk_, offset, static_cast<std::uint32_t>(bytes)};
}

SendBuffer SendBufferPool::Copy(std::span<const std::byte> bytes) {
  if (bytes.empty()) return {};
  const std::span<std::byte> room = Open(bytes.size());
  std::memcpy(room.data(), bytes.data(), bytes.size());
  return Close(bytes.size());
}

SendBuffer SendBufferPool::CopyApart(std::span<const std::byte> bytes, std::size_t capacity) {
  SC_ASSERT(!bytes.empty() && bytes.size() <= capacity);
  SendBuffer buffer(manager_->TakeExactly(capacity), 0, 0);
  buffer.Append(bytes);
  return buffer;
}

void SendBufferPool::Drop() {
  if (chunk_ != nullptr) std::exchange(chunk_, nullptr)->Release();
  used_ = 0;
}

}  // namespace servercore

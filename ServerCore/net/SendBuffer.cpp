#include "ServerCore/net/SendBuffer.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "ServerCore/Assert.h"

namespace servercore {

void SendBufferChunk::ReturnToManager() noexcept { owner_->Return(this); }

SendBufferManager::~SendBufferManager() {
  SC_ASSERT(chunks_in_use() == 0);
  for (SendBufferChunk* chunk : free_) Free(chunk);
}

SendBufferChunk* SendBufferManager::Take(std::size_t bytes) {
  in_use_.fetch_add(1, std::memory_order_relaxed);
  SendBufferChunk* chunk = nullptr;
  if (bytes <= SendBufferChunk::kBytes) {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      chunk = free_.back();
      free_.pop_back();
    }
  }
  if (chunk == nullptr) {
    const std::size_t capacity = std::max(bytes, SendBufferChunk::kBytes);
    void* memory = ::operator new(sizeof(SendBufferChunk) + capacity);
    chunk = new (memory) SendBufferChunk(*this, static_cast<std::uint32_t>(capacity));
  }
  chunk->references_.store(1, std::memory_order_relaxed);
  return chunk;
}

std::size_t SendBufferManager::chunks_free() const {
  const std::lock_guard lock(mutex_);
  return free_.size();
}

void SendBufferManager::Return(SendBufferChunk* chunk) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (chunk->capacity() == SendBufferChunk::kBytes && free_.size() < kFreeMax) {
      free_.push_back(chunk);
      chunk = nullptr;
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

void SendBufferPool::Drop() {
  if (chunk_ != nullptr) std::exchange(chunk_, nullptr)->Release();
  used_ = 0;
}

}  // namespace servercore
